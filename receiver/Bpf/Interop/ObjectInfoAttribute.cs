using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>union bpf_attr.info for BPF_OBJ_GET_INFO_BY_FD.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct ObjectInfoAttribute
{
    [FieldOffset(0)] public uint Fd;
    [FieldOffset(4)] public uint Length;
    [FieldOffset(8)] public ulong Info;
}
