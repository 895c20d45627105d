using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>struct bpf_link_info: the part that all kinds of link share, and the variants one over the other.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct LinkInfo
{
    /// <summary>
    /// Bytes of it on a kernel that counts misses (Linux 6.7): perf_event.kprobe.missed made it longer, kprobe_multi.missed came with it.
    /// </summary>
    public const int SizeWithMisses = 56;

    [FieldOffset(0)] public uint Type;
    [FieldOffset(4)] public uint Id;
    [FieldOffset(8)] public uint ProgramId;

    /// <summary>tracing.attach_type.</summary>
    [FieldOffset(16)] public uint TracingAttachType;

    /// <summary>tracing.cookie; raw_tracepoint.cookie.</summary>
    [FieldOffset(32)] public ulong TracingCookie;

    /// <summary>cgroup.attach_type.</summary>
    [FieldOffset(24)] public uint CgroupAttachType;

    /// <summary>kprobe_multi.count.</summary>
    [FieldOffset(24)] public uint KprobeMultiCount;

    /// <summary>kprobe_multi.missed.</summary>
    [FieldOffset(32)] public ulong KprobeMultiMissed;

    /// <summary>uprobe_multi.count.</summary>
    [FieldOffset(52)] public uint UprobeMultiCount;

    /// <summary>perf_event.type: enum bpf_perf_event_type.</summary>
    [FieldOffset(16)] public uint PerfEventType;

    /// <summary>perf_event.uprobe.cookie, perf_event.tracepoint.cookie, perf_event.event.cookie.</summary>
    [FieldOffset(40)] public ulong PerfEventCookie;

    /// <summary>perf_event.kprobe.missed.</summary>
    [FieldOffset(48)] public ulong KprobeMissed;

    /// <summary>perf_event.kprobe.cookie.</summary>
    [FieldOffset(56)] public ulong KprobeCookie;
}
