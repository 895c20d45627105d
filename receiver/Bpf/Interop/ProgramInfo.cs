using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>struct bpf_prog_info, up to attach_btf_id.</summary>
[StructLayout(LayoutKind.Explicit, Size = 232)]
internal struct ProgramInfo
{
    /// <summary>Bytes of it on a kernel that counts <see cref="RecursionMisses"/> (Linux 5.12).</summary>
    public const int SizeWithMisses = 216;

    [FieldOffset(0)] public uint Type;
    [FieldOffset(4)] public uint Id;
    [FieldOffset(8)] public ulong Tag;
    [FieldOffset(16)] public uint JitedLength;
    [FieldOffset(20)] public uint TranslatedLength;
    [FieldOffset(40)] public ulong LoadTime;
    [FieldOffset(52)] public uint MapCount;

    /// <summary>Address of room for <see cref="MapCount"/> ids.</summary>
    [FieldOffset(56)] public ulong MapIds;
    [FieldOffset(64)] public ObjectName Name;
    [FieldOffset(128)] public uint BtfId;
    [FieldOffset(192)] public ulong RunTime;
    [FieldOffset(200)] public ulong RunCount;
    [FieldOffset(208)] public ulong RecursionMisses;
    [FieldOffset(216)] public uint VerifiedInstructions;
}
