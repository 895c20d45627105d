using System.Globalization;

namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>hex</c>: a number as <c>0x1f</c>, bytes as <c>00ff</c>.</summary>
internal sealed class HexDecoder : Decoder
{
    /// <inheritdoc/>
    public override DecodedValue Decode(in DecodedValue value, DecodingContext context)
    {
        if (value.Kind == DecodedKind.Bytes) return DecodedValue.Of(Convert.ToHexStringLower(value.Bytes.Span));
        return value.TryGetNumber(out long number) ? DecodedValue.Of(Text((ulong)number)) : value;
    }

    /// <summary>A number with its prefix.</summary>
    internal static string Text(ulong number) => string.Create(CultureInfo.InvariantCulture, $"0x{number:x}");
}
