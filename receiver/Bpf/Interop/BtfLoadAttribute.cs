using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>union bpf_attr for BPF_BTF_LOAD (Linux 4.18).</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct BtfLoadAttribute
{
    [FieldOffset(0)] public ulong Btf;
    [FieldOffset(8)] public ulong LogBuffer;
    [FieldOffset(16)] public uint Size;
    [FieldOffset(20)] public uint LogSize;
    [FieldOffset(24)] public uint LogLevel;
}
