namespace EbpfReceiver.Bpf;

/// <summary>Kinds of links as the kernel tells them apart (enum bpf_link_type).</summary>
public enum BpfLinkType
{
    /// <summary>No kind.</summary>
    Unspecified = 0,

    /// <summary>A raw tracepoint, with or without typed arguments.</summary>
    RawTracepoint = 1,

    /// <summary>A trampoline: fentry, fexit, fmod_ret, lsm.</summary>
    Tracing = 2,

    /// <summary>A cgroup.</summary>
    Cgroup = 3,

    /// <summary>An iterator.</summary>
    Iterator = 4,

    /// <summary>A network namespace.</summary>
    NetworkNamespace = 5,

    /// <summary>A network device, in its driver.</summary>
    Xdp = 6,

    /// <summary>A perf event: kprobe, uprobe, tracepoint, counter.</summary>
    PerfEvent = 7,

    /// <summary>Many kernel functions.</summary>
    KprobeMulti = 8,

    /// <summary>A table of functions that the kernel calls.</summary>
    StructOps = 9,

    /// <summary>A hook of netfilter.</summary>
    Netfilter = 10,

    /// <summary>A network device, in traffic control.</summary>
    Tcx = 11,

    /// <summary>Many places in a file.</summary>
    UprobeMulti = 12,

    /// <summary>A netkit device.</summary>
    Netkit = 13,

    /// <summary>The sockets of a map.</summary>
    SocketMap = 14,
}
