using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Estimates the kernel memory of maps: elements are made when the map is, per-CPU values once for each CPU.</summary>
internal static class MapFootprint
{
    private const int ElementOverhead = 64; // struct htab_elem and its bucket
    private const int PointerSize = 8;

    internal static long Of(BpfObjectSpec spec, int cpus)
    {
        long total = 0;
        foreach (var map in spec.Maps.Values)
        {
            long value = (map.ValueSize + 7) & ~7;
            total += map.Type switch
            {
                BpfMapType.PerCpuArray => map.MaxEntries * (value * cpus + PointerSize),
                BpfMapType.PerCpuHash => map.MaxEntries * (value * cpus + PointerSize + ElementOverhead + Key(map)),
                BpfMapType.Hash or BpfMapType.LruHash => map.MaxEntries * (value + ElementOverhead + Key(map)),
                BpfMapType.Array => map.MaxEntries * value,
                _ => 0,
            };
        }
        return total;
    }

    private static long Key(MapSpec map) => (map.KeySize + 7) & ~7;
}
