using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>What compiling depends on besides the probe.</summary>
public sealed record CompilerOptions
{
    /// <summary>Number by which samples name the probe.</summary>
    public uint ProbeId { get; init; }

    /// <summary>Kind of the samples: an index below 16 of the shared map sample_counters.</summary>
    public ushort SampleKind { get; init; } = 7;

    /// <summary>
    /// Types of the kernel that it will run on: samples carry the start time of their process, and its offset is in them. Null: the start time
    /// is 0.
    /// </summary>
    public BtfTypes? KernelTypes { get; init; }

    /// <summary>License that the programs declare; helpers that read memory want one that is compatible with the GPL.</summary>
    public string License { get; init; } = "Dual BSD/GPL";
}
