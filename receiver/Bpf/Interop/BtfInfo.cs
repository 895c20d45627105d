using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>struct bpf_btf_info (names since Linux 5.11).</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct BtfInfo
{
    [FieldOffset(0)] public ulong Btf;
    [FieldOffset(8)] public uint BtfSize;
    [FieldOffset(12)] public uint Id;
    [FieldOffset(16)] public ulong Name;
    [FieldOffset(24)] public uint NameLength;
    [FieldOffset(28)] public uint IsKernel;
}
