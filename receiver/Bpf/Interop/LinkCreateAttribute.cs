using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>
/// union bpf_attr.link_create for BPF_LINK_CREATE (Linux 5.7): the part that all kinds share, and the variants one over the other.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct LinkCreateAttribute
{
    [FieldOffset(0)] public uint ProgramFd;
    [FieldOffset(4)] public uint TargetFd;
    [FieldOffset(8)] public uint AttachType;
    [FieldOffset(12)] public uint Flags;

    /// <summary>perf_event.bpf_cookie (5.15); uprobe_multi.path.</summary>
    [FieldOffset(16)] public ulong Cookie;

    /// <summary>iter_info (5.8).</summary>
    [FieldOffset(16)] public ulong IteratorInfo;

    /// <summary>iter_info_len.</summary>
    [FieldOffset(24)] public uint IteratorInfoLength;

    /// <summary>tracing.cookie (5.19).</summary>
    [FieldOffset(24)] public ulong TracingCookie;

    /// <summary>kprobe_multi.flags (5.18).</summary>
    [FieldOffset(16)] public uint KprobeMultiFlags;

    /// <summary>kprobe_multi.cnt.</summary>
    [FieldOffset(20)] public uint KprobeMultiCount;

    /// <summary>kprobe_multi.syms; uprobe_multi.offsets.</summary>
    [FieldOffset(24)] public ulong Symbols;

    /// <summary>kprobe_multi.addrs; uprobe_multi.ref_ctr_offsets.</summary>
    [FieldOffset(32)] public ulong Addresses;

    /// <summary>kprobe_multi.cookies; uprobe_multi.cookies.</summary>
    [FieldOffset(40)] public ulong Cookies;

    /// <summary>uprobe_multi.cnt (6.6).</summary>
    [FieldOffset(48)] public uint UprobeMultiCount;

    /// <summary>uprobe_multi.flags.</summary>
    [FieldOffset(52)] public uint UprobeMultiFlags;

    /// <summary>uprobe_multi.pid; 0 is every process.</summary>
    [FieldOffset(56)] public int UprobeMultiPid;
}
