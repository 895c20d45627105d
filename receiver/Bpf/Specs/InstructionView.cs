using System.Buffers.Binary;

namespace EbpfReceiver.Bpf;

/// <summary>One 8-byte instruction, in place.</summary>
/// <remarks>Source: struct bpf_insn, include/uapi/linux/bpf.h.</remarks>
internal readonly ref struct InstructionView
{
    internal const int Size = 8;

    internal const byte CallOpcode = 0x85;      // BPF_JMP | BPF_CALL
    internal const byte LoadWideOpcode = 0x18;  // BPF_LD | BPF_IMM | BPF_DW, two slots

    internal const int PseudoBtfId = 3;     // of ldimm64
    internal const int PseudoKernelCall = 2; // of call
    internal const int PseudoMapFd = 1;     // of ldimm64
    internal const int PseudoMapValue = 2;  // of ldimm64
    internal const int PseudoFunction = 4;  // of ldimm64
    internal const int PseudoCall = 1;      // of call

    private readonly Span<byte> _bytes;

    internal InstructionView(Span<byte> bytes) => _bytes = bytes[..Size];

    internal static InstructionView At(Span<byte> instructions, int index) => new(instructions.Slice(index * Size, Size));

    /// <summary>All eight bytes.</summary>
    internal ulong Bits
    {
        get => BinaryPrimitives.ReadUInt64LittleEndian(_bytes);
        set => BinaryPrimitives.WriteUInt64LittleEndian(_bytes, value);
    }

    internal byte Opcode
    {
        get => _bytes[0];
        set => _bytes[0] = value;
    }

    internal InstructionClass Class => (InstructionClass)(_bytes[0] & 7);

    internal byte Registers
    {
        get => _bytes[1];
        set => _bytes[1] = value;
    }

    internal int SourceRegister
    {
        get => _bytes[1] >> 4;
        set => _bytes[1] = (byte)((_bytes[1] & 0xf) | (value << 4));
    }

    internal short Offset
    {
        get => BinaryPrimitives.ReadInt16LittleEndian(_bytes[2..]);
        set => BinaryPrimitives.WriteInt16LittleEndian(_bytes[2..], value);
    }

    internal int Immediate
    {
        get => BinaryPrimitives.ReadInt32LittleEndian(_bytes[4..]);
        set => BinaryPrimitives.WriteInt32LittleEndian(_bytes[4..], value);
    }

    internal bool IsLoadWide => Opcode == LoadWideOpcode;

    /// <summary>A call of another function of the object: relative, or to be relocated.</summary>
    internal bool IsSubprogramCall => Opcode == CallOpcode && SourceRegister == PseudoCall;
}
