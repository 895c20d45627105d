using System.Runtime.InteropServices;
using EbpfReceiver.Aggregates;

namespace EbpfReceiver.Tests.Aggregates;

/// <summary>A per-CPU map in memory.</summary>
internal sealed class FakeMap(int cpus) : IMapReader
{
    private readonly List<(byte[] Key, byte[][] Values)> _entries = [];

    public int Cpus { get; } = cpus;

    public int Count => _entries.Count;

    public void Set<TKey, TValue>(TKey key, params TValue[] values)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        byte[] bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<TKey>(in key)).ToArray();
        _entries.RemoveAll(e => e.Key.AsSpan().SequenceEqual(bytes));
        _entries.Add((bytes, [.. values.Select(v => MemoryMarshal.AsBytes(new ReadOnlySpan<TValue>(in v)).ToArray())]));
    }

    public int Refresh() => _entries.Count;

    public ReadOnlySpan<byte> Key(int entry) => _entries[entry].Key;

    public ReadOnlySpan<byte> Value(int entry, int cpu) => _entries[entry].Values[cpu];

    public void Delete(ReadOnlySpan<byte> key)
    {
        byte[] bytes = key.ToArray();
        _entries.RemoveAll(e => bytes.AsSpan().StartsWith(e.Key));
    }
}
