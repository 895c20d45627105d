using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>union bpf_iter_link_info: what an iterator goes over.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct IteratorLinkInfo
{
    /// <summary>map.map_fd.</summary>
    [FieldOffset(0)] public uint MapFd;

    /// <summary>cgroup.order (6.1).</summary>
    [FieldOffset(0)] public uint CgroupOrder;

    /// <summary>cgroup.cgroup_fd.</summary>
    [FieldOffset(4)] public uint CgroupFd;

    /// <summary>task.tid (6.1).</summary>
    [FieldOffset(0)] public uint ThreadId;

    /// <summary>task.pid.</summary>
    [FieldOffset(4)] public uint ProcessId;
}
