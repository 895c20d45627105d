namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>ksym</c>: the kernel's function an address is in; the address where the kernel does not tell.</summary>
/// <param name="prefix">What stands before the name: the kind of hook where a whole hook is meant.</param>
internal sealed class KernelSymbolDecoder(string prefix = "") : Decoder
{
    /// <summary>Modules come and go.</summary>
    public override bool IsConstant => false;

    /// <inheritdoc/>
    public override DecodedValue Decode(in DecodedValue value, DecodingContext context)
    {
        if (!value.TryGetNumber(out long address)) return value;
        return DecodedValue.Of(prefix + (KernelSymbols.Current.Find((ulong)address) ?? HexDecoder.Text((ulong)address)));
    }
}
