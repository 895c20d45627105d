using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>union bpf_attr for BPF_*_GET_NEXT_ID and BPF_*_GET_FD_BY_ID.</summary>
[StructLayout(LayoutKind.Explicit, Size = 12)]
internal struct ObjectIdAttribute
{
    /// <summary>The id to open, or to begin behind.</summary>
    [FieldOffset(0)] public uint Id;

    /// <summary>Written by BPF_*_GET_NEXT_ID: the next id.</summary>
    [FieldOffset(4)] public uint NextId;

    [FieldOffset(8)] public uint OpenFlags;
}
