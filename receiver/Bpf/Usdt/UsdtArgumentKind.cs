namespace EbpfReceiver.Bpf;

/// <summary>Where an argument of a USDT probe is when the probe is hit. The numbers are those of libbpf's usdt.bpf.h.</summary>
public enum UsdtArgumentKind
{
    /// <summary>It is a number that is known beforehand: <see cref="UsdtArgument.Value"/>.</summary>
    Constant = 0,

    /// <summary>It is in a register.</summary>
    Register = 1,

    /// <summary>It is in memory at register + <see cref="UsdtArgument.Value"/>.</summary>
    Memory = 2,

    /// <summary>
    /// It is in memory at register + (index register &lt;&lt; <see cref="UsdtArgument.Scale"/>) + <see cref="UsdtArgument.Value"/>.
    /// </summary>
    IndexedMemory = 3,

    /// <summary>It is said in a form that is not supported; <see cref="UsdtArgument.Problem"/> says which.</summary>
    Unsupported = 255,
}
