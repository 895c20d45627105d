using System.Runtime.InteropServices;

namespace EbpfReceiver.Privileges;

/// <summary>struct sock_filter of include/uapi/linux/filter.h: an instruction of classic BPF.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FilterInstruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand)
{
    /// <summary>BPF_LD | BPF_W | BPF_ABS: a word of struct seccomp_data.</summary>
    public const ushort Load = 0x20;

    /// <summary>BPF_JMP | BPF_JEQ | BPF_K.</summary>
    public const ushort JumpIfEqual = 0x15;

    /// <summary>BPF_JMP | BPF_JGE | BPF_K.</summary>
    public const ushort JumpIfGreaterOrEqual = 0x35;

    /// <summary>BPF_JMP | BPF_JSET | BPF_K.</summary>
    public const ushort JumpIfAnyBit = 0x45;

    /// <summary>BPF_RET | BPF_K.</summary>
    public const ushort Return = 0x06;
}
