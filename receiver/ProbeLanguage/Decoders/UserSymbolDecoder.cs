namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// <c>usym</c>: the function of its process that an address is in, with the file where the file has no symbol for it; the address where nothing is
/// mapped there, or the process is gone.
/// </summary>
internal sealed class UserSymbolDecoder : Decoder
{
    /// <inheritdoc/>
    public override bool IsConstant => false;

    /// <inheritdoc/>
    public override bool IsByProcess => true;

    /// <inheritdoc/>
    public override DecodedValue Decode(in DecodedValue value, DecodingContext context)
    {
        if (!value.TryGetNumber(out long address)) return value;
        return DecodedValue.Of(ProcessSymbols.Find(context.Pid, (ulong)address) ?? HexDecoder.Text((ulong)address));
    }
}
