namespace EbpfReceiver.Bpf;

/// <summary>What the kernel says of a link (struct bpf_link_info).</summary>
/// <param name="Id">Id of the link, as bpftool shows it.</param>
/// <param name="Type">Kind of link.</param>
/// <param name="ProgramId">Id of the program.</param>
public sealed record BpfLinkInfo(int Id, BpfLinkType Type, int ProgramId)
{
    /// <summary>What the program is attached as, for trampolines and cgroups; else null.</summary>
    public BpfAttachType? AttachType { get; init; }

    /// <summary>The value it was attached with; 0 for none, and on kernels that do not say (before 6.15).</summary>
    public ulong Cookie { get; init; }

    /// <summary>Functions or places, for links that have many; else 1.</summary>
    public int Count { get; init; } = 1;

    /// <summary>
    /// Hits of a kprobe, kretprobe or kprobe.multi that the kernel did not take, because the probe interrupted another one, or too many calls
    /// were under way for their returns to be followed. Null for other links, and on kernels that do not say (before 6.7). Hits that were
    /// taken, but not given to the program, are counted at the program (<see cref="BpfProgramInfo.RecursionMisses"/>).
    /// </summary>
    public long? Missed { get; init; }
}
