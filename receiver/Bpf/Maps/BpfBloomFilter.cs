using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf;

/// <summary>
/// A bloom filter with a type for its values: what was added is always found, what was not is found seldom. It is a view: the
/// <see cref="BpfMap"/> is what is disposed. Thread-safe. Linux 5.16; <see cref="MapSpec.Extra"/> is the number of hashes.
/// </summary>
/// <typeparam name="TValue">A struct laid out as the C one, padding included, whose padding is 0.</typeparam>
public sealed class BpfBloomFilter<TValue>
    where TValue : unmanaged
{
    internal BpfBloomFilter(BpfMap map)
    {
        map.RequireKind("a bloom filter", BpfMapType.BloomFilter);
        map.RequireValueSize<TValue>();
        Map = map;
    }

    /// <summary>The map.</summary>
    public BpfMap Map { get; }

    /// <summary>Adds a value; there is no way to take it out again.</summary>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public void Add(in TValue value) => Map.Update([], MemoryMarshal.AsBytes(new ReadOnlySpan<TValue>(in value)));

    /// <summary>False if the value was not added for certain.</summary>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public bool MayContain(TValue value) => Map.TryLookup([], MemoryMarshal.AsBytes(new Span<TValue>(ref value)));
}
