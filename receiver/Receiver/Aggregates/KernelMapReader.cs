using EbpfReceiver.Bpf;

namespace EbpfReceiver.Aggregates;

/// <summary>Reads a map of the kernel, in batches where it has them.</summary>
/// <param name="map">The map; it stays its owner's.</param>
internal sealed class KernelMapReader(BpfMap map) : IMapReader
{
    private readonly MapSnapshot _snapshot = new();

    /// <inheritdoc/>
    public int Cpus => map.IsPerCpu ? BpfMap.PossibleCpus : 1;

    /// <inheritdoc/>
    public int Refresh() => _snapshot.Refresh(map);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Key(int entry) => _snapshot.Key(entry);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Value(int entry, int cpu) => _snapshot.Value(entry, cpu);

    /// <inheritdoc/>
    public void Delete(ReadOnlySpan<byte> key) => map.Delete(key[..map.KeySize]);
}
