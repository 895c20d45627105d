namespace EbpfReceiver.Bpf;

/// <summary>How a USDT probe is attached.</summary>
public sealed record UsdtOptions
{
    /// <summary>
    /// One process; 0 for this one, -1 for all. Kernels without cookies (before 5.15) need one for libraries and position-independent
    /// programs.
    /// </summary>
    public int ProcessId { get; init; } = -1;

    /// <summary>A value that the program gets from bpf_usdt_cookie.</summary>
    public ulong Cookie { get; init; }
}
