using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf.Interop;

/// <summary>struct bpf_map_info, up to btf_value_type_id.</summary>
[StructLayout(LayoutKind.Explicit, Size = 80)]
internal struct MapInfo
{
    [FieldOffset(0)] public uint Type;
    [FieldOffset(4)] public uint Id;
    [FieldOffset(8)] public uint KeySize;
    [FieldOffset(12)] public uint ValueSize;
    [FieldOffset(16)] public uint MaxEntries;
    [FieldOffset(20)] public uint Flags;
    [FieldOffset(24)] public ObjectName Name;
    [FieldOffset(64)] public uint BtfId;
    [FieldOffset(68)] public uint BtfKeyTypeId;
    [FieldOffset(72)] public uint BtfValueTypeId;
}
