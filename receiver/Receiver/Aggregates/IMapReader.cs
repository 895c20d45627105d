namespace EbpfReceiver.Aggregates;

/// <summary>A per-CPU map in the kernel, as an aggregate reads it.</summary>
internal interface IMapReader
{
    /// <summary>CPUs that have a value for each key.</summary>
    int Cpus { get; }

    /// <summary>Reads all entries now; the number of them.</summary>
    int Refresh();

    /// <summary>The key of an entry of the last reading.</summary>
    ReadOnlySpan<byte> Key(int entry);

    /// <summary>One CPU's value of an entry of the last reading.</summary>
    ReadOnlySpan<byte> Value(int entry, int cpu);

    /// <summary>Takes an entry out of the map.</summary>
    void Delete(ReadOnlySpan<byte> key);
}
