namespace EbpfReceiver.Bpf;

/// <summary>What the kernel says of a map (struct bpf_map_info, and what /proc shows of its descriptor).</summary>
/// <param name="Id">Id of the map, as bpftool shows it.</param>
/// <param name="Name">Name in the kernel, cut to 15 characters; empty if it has none.</param>
/// <param name="Type">Kind of map.</param>
/// <param name="KeySize">Bytes of a key.</param>
/// <param name="ValueSize">Bytes of a value; of a per-CPU map: of the value of one CPU.</param>
/// <param name="MaxEntries">Most entries the map holds.</param>
/// <param name="Flags">Flags it was made with.</param>
/// <param name="TypesId">Id of the BTF that describes its entries; 0 if there is none.</param>
/// <param name="IsFrozen">True if user space can't change it any more.</param>
/// <param name="MemoryBytes">Bytes of kernel memory: what is in use since Linux 6.4, before that an estimate from the sizes.</param>
public sealed record BpfMapInfo(
    int Id,
    string Name,
    BpfMapType Type,
    int KeySize,
    int ValueSize,
    uint MaxEntries,
    BpfMapFlags Flags,
    int TypesId,
    bool IsFrozen,
    long MemoryBytes);
