using System.Buffers.Binary;

namespace EbpfReceiver.Bpf;

/// <summary>One 8-byte instruction; a wide load (ldimm64) is two of them, the second with opcode 0.</summary>
/// <remarks>Source: struct bpf_insn, include/uapi/linux/bpf.h.</remarks>
/// <param name="Opcode">Class, operation and source of the operand.</param>
/// <param name="Destination">Number of the destination register.</param>
/// <param name="Source">Number of the source register, or what the immediate of a wide load or call is.</param>
/// <param name="Offset">Of memory operands in bytes, of jumps in instructions from the next one.</param>
/// <param name="Immediate">Constant operand.</param>
public readonly record struct BpfInstruction(byte Opcode, byte Destination, byte Source, short Offset, int Immediate)
{
    /// <summary>Bytes of an instruction.</summary>
    public const int Size = 8;

    /// <summary>Opcode of a wide load.</summary>
    public const byte WideLoad = 0x18;

    /// <summary>Opcode of a call.</summary>
    public const byte Call = 0x85;

    /// <summary>Opcode of the end of a program.</summary>
    public const byte Exit = 0x95;

    /// <summary>Opcode of a jump without a condition.</summary>
    public const byte Jump = 0x05;

    /// <summary>Class of the instruction: the lowest three bits of the opcode.</summary>
    public int Class => Opcode & 7;

    /// <summary>Whether it may go on somewhere else than at the next instruction.</summary>
    public bool IsJump => Class is 5 or 6 && Opcode is not (Call or Exit);

    /// <summary>Reads an instruction.</summary>
    /// <param name="code">At least 8 bytes.</param>
    public static BpfInstruction Decode(ReadOnlySpan<byte> code) => new(
        code[0], (byte)(code[1] & 0xf), (byte)(code[1] >> 4), BinaryPrimitives.ReadInt16LittleEndian(code[2..]),
        BinaryPrimitives.ReadInt32LittleEndian(code[4..]));

    /// <summary>Writes it as the kernel takes it.</summary>
    /// <param name="code">At least 8 bytes.</param>
    public void Encode(Span<byte> code)
    {
        code[0] = Opcode;
        code[1] = (byte)(Destination | (Source << 4));
        BinaryPrimitives.WriteInt16LittleEndian(code[2..], Offset);
        BinaryPrimitives.WriteInt32LittleEndian(code[4..], Immediate);
    }
}
