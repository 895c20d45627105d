using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>union bpf_attr for BPF_OBJ_PIN and BPF_OBJ_GET.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct ObjectPathAttribute
{
    /// <summary>Address of the path, with a terminator.</summary>
    [FieldOffset(0)] public ulong Path;

    /// <summary>What to pin; 0 in BPF_OBJ_GET.</summary>
    [FieldOffset(8)] public uint Fd;

    /// <summary>BPF_F_RDONLY, BPF_F_WRONLY in BPF_OBJ_GET (4.15).</summary>
    [FieldOffset(12)] public uint FileFlags;
}
