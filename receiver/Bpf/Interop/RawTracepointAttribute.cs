using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>union bpf_attr.raw_tracepoint for BPF_RAW_TRACEPOINT_OPEN (Linux 4.17), with the cookie that it has since 6.10.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal struct RawTracepointAttribute
{
    /// <summary>Address of the name; 0 for programs that were loaded for one target (tp_btf, fentry, fexit).</summary>
    [FieldOffset(0)] public ulong Name;
    [FieldOffset(8)] public uint ProgramFd;
    [FieldOffset(16)] public ulong Cookie;
}
