namespace EbpfReceiver.Bpf;

/// <summary>What an iterator goes over, where that is not everything; at most one of these.</summary>
public sealed record IteratorOptions
{
    /// <summary>The elements of a map, for <c>iter/bpf_map_elem</c> and <c>iter/bpf_sk_storage_map</c>.</summary>
    public BpfMap? Map { get; init; }

    /// <summary>One process, for <c>iter/task</c> and its like (since 6.1); 0 for all.</summary>
    public int ProcessId { get; init; }

    /// <summary>One thread, for <c>iter/task</c> and its like (since 6.1); 0 for all.</summary>
    public int ThreadId { get; init; }

    /// <summary>A cgroup and those below it, for <c>iter/cgroup</c> (since 6.1).</summary>
    public string? CgroupPath { get; init; }
}
