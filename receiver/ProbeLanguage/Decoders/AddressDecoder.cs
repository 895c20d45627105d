using System.Net;

namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>inet_ip</c>: four or sixteen bytes in network order, or a number that holds four of them, as an IP address.</summary>
internal sealed class AddressDecoder : Decoder
{
    private const int Ipv4 = 4;
    private const int Ipv6 = 16;

    /// <inheritdoc/>
    public override DecodedValue Decode(in DecodedValue value, DecodingContext context)
    {
        if (value.Kind == DecodedKind.Bytes && value.Bytes.Length is Ipv4 or Ipv6)
            return DecodedValue.Of(new IPAddress(value.Bytes.Span).ToString());
        return value.Kind != DecodedKind.Text && value.TryGetNumber(out long number)
            ? DecodedValue.Of(new IPAddress(BitConverter.GetBytes((uint)number)).ToString())
            : value;
    }
}
