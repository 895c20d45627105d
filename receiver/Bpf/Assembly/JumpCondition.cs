namespace EbpfReceiver.Bpf;

/// <summary>Conditions of BPF's jumps: the upper half of the opcode.</summary>
/// <remarks>Source: Documentation/bpf/standardization/instruction-set.rst.</remarks>
public enum JumpCondition : byte
{
    /// <summary>dst == src</summary>
    Equal = 0x10,

    /// <summary>dst &gt; src, unsigned</summary>
    Above = 0x20,

    /// <summary>dst &gt;= src, unsigned</summary>
    AboveOrEqual = 0x30,

    /// <summary>dst &amp; src</summary>
    AnyBit = 0x40,

    /// <summary>dst != src</summary>
    NotEqual = 0x50,

    /// <summary>dst &gt; src, signed</summary>
    Greater = 0x60,

    /// <summary>dst &gt;= src, signed</summary>
    GreaterOrEqual = 0x70,

    /// <summary>dst &lt; src, unsigned</summary>
    Below = 0xa0,

    /// <summary>dst &lt;= src, unsigned</summary>
    BelowOrEqual = 0xb0,

    /// <summary>dst &lt; src, signed</summary>
    Less = 0xc0,

    /// <summary>dst &lt;= src, signed</summary>
    LessOrEqual = 0xd0,
}
