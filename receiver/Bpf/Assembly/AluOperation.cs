namespace EbpfReceiver.Bpf;

/// <summary>Arithmetic of BPF: the upper half of the opcode.</summary>
/// <remarks>Source: Documentation/bpf/standardization/instruction-set.rst.</remarks>
public enum AluOperation : byte
{
    /// <summary>dst += src</summary>
    Add = 0x00,

    /// <summary>dst -= src</summary>
    Subtract = 0x10,

    /// <summary>dst *= src</summary>
    Multiply = 0x20,

    /// <summary>dst /= src, unsigned; 0 if src is 0.</summary>
    Divide = 0x30,

    /// <summary>dst |= src</summary>
    Or = 0x40,

    /// <summary>dst &amp;= src</summary>
    And = 0x50,

    /// <summary>dst &lt;&lt;= src</summary>
    ShiftLeft = 0x60,

    /// <summary>dst &gt;&gt;= src, filling with zeros.</summary>
    ShiftRight = 0x70,

    /// <summary>dst = -dst</summary>
    Negate = 0x80,

    /// <summary>dst %= src, unsigned; dst as it was if src is 0.</summary>
    Modulo = 0x90,

    /// <summary>dst ^= src</summary>
    ExclusiveOr = 0xa0,

    /// <summary>dst = src</summary>
    Move = 0xb0,

    /// <summary>dst &gt;&gt;= src, filling with the sign.</summary>
    ArithmeticShiftRight = 0xc0,

    /// <summary>Byte order of dst.</summary>
    Swap = 0xd0,
}
