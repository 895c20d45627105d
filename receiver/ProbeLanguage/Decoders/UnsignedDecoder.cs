namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>uint</c>: a number that is not negative; of bytes the first eight, in the machine's order.</summary>
internal sealed class UnsignedDecoder : Decoder
{
    /// <inheritdoc/>
    public override DecodedValue Decode(in DecodedValue value, DecodingContext context) =>
        value.TryGetNumber(out long number) ? DecodedValue.Unsigned((ulong)number) : value;
}
