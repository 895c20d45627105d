namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>string</c>: bytes up to the first NUL as UTF-8; numbers in decimal.</summary>
internal sealed class TextDecoder : Decoder
{
    /// <inheritdoc/>
    public override DecodedValue Decode(in DecodedValue value, DecodingContext context) => DecodedValue.Of(value.ToString());
}
