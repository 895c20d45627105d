using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>union bpf_attr.prog_bind_map for BPF_PROG_BIND_MAP (Linux 5.10).</summary>
[StructLayout(LayoutKind.Explicit, Size = 12)]
internal struct ProgramBindMapAttribute
{
    [FieldOffset(0)] public uint ProgramFd;
    [FieldOffset(4)] public uint MapFd;
    [FieldOffset(8)] public uint Flags;
}
