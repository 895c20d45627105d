using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>union bpf_attr.batch for BPF_MAP_LOOKUP_BATCH (Linux 5.6).</summary>
[StructLayout(LayoutKind.Explicit, Size = 56)]
internal struct MapBatchAttribute
{
    /// <summary>Address of the position to go on from; 0 at the start.</summary>
    [FieldOffset(0)] public ulong InBatch;

    /// <summary>Address that the position after this batch is written to.</summary>
    [FieldOffset(8)] public ulong OutBatch;
    [FieldOffset(16)] public ulong Keys;
    [FieldOffset(24)] public ulong Values;

    /// <summary>Entries there is room for; on return the entries there are.</summary>
    [FieldOffset(32)] public uint Count;
    [FieldOffset(36)] public uint MapFd;
    [FieldOffset(40)] public ulong ElementFlags;
    [FieldOffset(48)] public ulong Flags;
}
