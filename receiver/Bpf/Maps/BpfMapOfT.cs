using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// A map with one value a key, seen with types: a hash, an array, an LRU hash, a trie. It is a view: the <see cref="BpfMap"/> is what is
/// disposed. Thread-safe. Single operations allocate nothing.
/// </summary>
/// <typeparam name="TKey">A struct laid out as the C one, padding included.</typeparam>
/// <typeparam name="TValue">A struct laid out as the C one, padding included.</typeparam>
public sealed class BpfMap<TKey, TValue> : IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : unmanaged
    where TValue : unmanaged
{
    private const int FirstChunk = 256;

    internal BpfMap(BpfMap map)
    {
        if (map.IsPerCpu)
            throw new BpfException($"Map {map.Name} has a value for each CPU: use AsPerCpu.");
        if (map.KeySize == 0)
            throw new BpfException($"Map {map.Name} is of the kind {map.Type}, which has no keys.");
        map.RequireKeySize<TKey>();
        map.RequireValueSize<TValue>();
        Map = map;
    }

    /// <summary>The map.</summary>
    public BpfMap Map { get; }

    /// <summary>The value of a key; setting it makes the entry or replaces its value.</summary>
    /// <exception cref="KeyNotFoundException">There is no such entry to get.</exception>
    /// <exception cref="BpfSyscallException">The map is full, or does not allow it.</exception>
    public TValue this[TKey key]
    {
        get => TryLookup(key, out var value) ? value : NotFound(key);
        set => Update(key, value);
    }

    /// <summary>Looks an entry up.</summary>
    /// <returns>False if there is no such entry; <paramref name="value"/> is then 0.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public bool TryLookup(in TKey key, out TValue value)
    {
        value = default;
        return Map.TryLookup(Bytes(in key), MemoryMarshal.AsBytes(new Span<TValue>(ref value)));
    }

    /// <summary>Looks an entry up.</summary>
    /// <returns>Its value, or <paramref name="otherwise"/> if there is none.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public TValue LookupOrDefault(in TKey key, TValue otherwise = default) => TryLookup(key, out var value) ? value : otherwise;

    /// <summary>Makes an entry or replaces its value.</summary>
    /// <exception cref="BpfSyscallException">The map is full, or does not allow it; the message says which.</exception>
    public void Update(in TKey key, in TValue value) => Map.Update(Bytes(in key), Bytes(in value));

    /// <summary>Makes an entry unless there is one.</summary>
    /// <returns>False if there is one.</returns>
    /// <exception cref="BpfSyscallException">The map is full, or does not allow it.</exception>
    public bool TryAdd(in TKey key, in TValue value) => Map.TryAdd(Bytes(in key), Bytes(in value));

    /// <summary>Replaces the value of an entry.</summary>
    /// <returns>False if there is no such entry.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public bool TryReplace(in TKey key, in TValue value) => Map.TryReplace(Bytes(in key), Bytes(in value));

    /// <summary>Deletes an entry.</summary>
    /// <returns>False if there was none.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it, as arrays don't.</exception>
    public bool Delete(in TKey key) => Map.Delete(Bytes(in key));

    /// <summary>Takes an entry out; in one step where the kernel has it (<see cref="BpfMap.TryTake"/>).</summary>
    /// <returns>False if there is no such entry.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public bool TryTake(in TKey key, out TValue value)
    {
        value = default;
        return Map.TryTake(Bytes(in key), MemoryMarshal.AsBytes(new Span<TValue>(ref value)));
    }

    /// <summary>Reads the next entries into two spans of one length; <see cref="BpfMap.LookupBatch"/> has the rules.</summary>
    /// <returns>The entries read.</returns>
    /// <exception cref="BpfSyscallException">The map can't be read.</exception>
    public int LookupBatch(BpfMapCursor cursor, Span<TKey> keys, Span<TValue> values)
        => Map.LookupBatch(cursor, MemoryMarshal.AsBytes(keys), MemoryMarshal.AsBytes(values));

    /// <summary>Takes the next entries out; <see cref="BpfMap.TakeBatch"/> has the rules.</summary>
    /// <returns>The entries taken.</returns>
    /// <exception cref="BpfSyscallException">The map can't be read, or its entries can't be deleted.</exception>
    public int TakeBatch(BpfMapCursor cursor, Span<TKey> keys, Span<TValue> values)
        => Map.TakeBatch(cursor, MemoryMarshal.AsBytes(keys), MemoryMarshal.AsBytes(values));

    /// <summary>Makes or replaces many entries.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="values">As many values.</param>
    /// <exception cref="BpfSyscallException">One of them can't be; those before it are.</exception>
    public void UpdateBatch(ReadOnlySpan<TKey> keys, ReadOnlySpan<TValue> values)
        => Map.UpdateBatch(MemoryMarshal.AsBytes(keys), MemoryMarshal.AsBytes(values));

    /// <summary>Deletes many entries.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public int DeleteBatch(ReadOnlySpan<TKey> keys) => Map.DeleteBatch(MemoryMarshal.AsBytes(keys));

    /// <summary>
    /// Goes through the entries, in batches where the kernel has them. Entries may be added and deleted meanwhile, by the loop itself
    /// too: each that is there all the time is seen, others may be, and it always comes to an end.
    /// </summary>
    /// <exception cref="BpfSyscallException">The map can't be read.</exception>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator()
    {
        var cursor = new BpfMapCursor(Map);
        var keys = new TKey[Math.Clamp(Map.MaxEntries, 1, FirstChunk)];
        var values = new TValue[keys.Length];
        while (!cursor.IsAtEnd)
        {
            var count = Map.ReadBatch(
                BpfCommand.MapLookupBatch, cursor, MemoryMarshal.AsBytes(keys.AsSpan()), MemoryMarshal.AsBytes(values.AsSpan()));
            if (count < 0) // a bucket of the hash has more entries
            {
                if (keys.Length > Map.MaxEntries)
                    throw MapTrouble.Of(Map, BpfCommand.MapLookupBatch, -(long)Errno.ENOSPC);
                (keys, values) = (new TKey[2 * keys.Length], new TValue[2 * keys.Length]);
            }

            for (var i = 0; i < count; i++)
                yield return new(keys[i], values[i]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static ReadOnlySpan<byte> Bytes<T>(in T value)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value));

    [DoesNotReturn]
    private TValue NotFound(in TKey key)
        => throw new KeyNotFoundException($"Map {Map.Name} has no entry with the key {Convert.ToHexString(Bytes(in key))} (bytes).");
}
