namespace EbpfReceiver.Bpf;

/// <summary>The architectures whose way of saying where arguments are is known; the numbers are those of ELF (e_machine).</summary>
public enum UsdtArchitecture
{
    /// <summary>x86-64: <c>-4@%eax</c>, <c>8@-16(%rbp)</c>, <c>4@(%rdi,%rax,4)</c>, <c>4@$1</c>.</summary>
    X64 = 62,

    /// <summary>aarch64: <c>-4@x0</c>, <c>8@[sp, 16]</c>, <c>4@1</c>.</summary>
    Arm64 = 183,
}
