using System.Text;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// <c>dname</c>: a name as it is in a DNS message, labels each after its length (RFC 1035, section 3.1), as <c>www.example.org</c>. It ends where
/// it is cut off or refers to another place in the message. Text stays as it is.
/// </summary>
internal sealed class DomainNameDecoder : Decoder
{
    private const int MaximumLabel = 63;

    /// <inheritdoc/>
    public override DecodedValue Decode(in DecodedValue value, DecodingContext context)
    {
        if (value.Kind != DecodedKind.Bytes) return value;
        var name = new StringBuilder();
        ReadOnlySpan<byte> rest = value.Bytes.Span;
        while (rest is [> 0 and <= MaximumLabel and var length, ..])
        {
            ReadOnlySpan<byte> label = rest[1..Math.Min(length + 1, rest.Length)];
            if (name.Length > 0) name.Append('.');
            foreach (byte b in label) name.Append(b is > 0x20 and < 0x7F and not (byte)'.' ? (char)b : '?');
            rest = rest[(1 + label.Length)..];
        }

        return DecodedValue.Of(name.Length == 0 ? "." : name.ToString());
    }
}
