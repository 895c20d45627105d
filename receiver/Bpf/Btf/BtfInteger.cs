namespace EbpfReceiver.Bpf;

/// <summary>How an integer is encoded.</summary>
public readonly struct BtfInteger
{
    private readonly uint _encoding;

    internal BtfInteger(uint encoding) => _encoding = encoding;

    /// <summary>True for signed integers.</summary>
    public bool IsSigned => (_encoding & (1 << 24)) != 0;

    /// <summary>True for characters; compilers rarely set it.</summary>
    public bool IsChar => (_encoding & (2 << 24)) != 0;

    /// <summary>True for bool.</summary>
    public bool IsBool => (_encoding & (4 << 24)) != 0;

    /// <summary>Where the value starts in the storage, in bits; not 0 only in the bit fields of old compilers.</summary>
    public uint BitOffset => (_encoding >> 16) & 0xff;

    /// <summary>Bits of the value.</summary>
    public uint Bits => _encoding & 0xff;
}
