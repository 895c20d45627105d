using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf;

/// <summary>
/// A map with a value for each CPU, seen with types: a per-CPU hash, array or LRU hash. Values are spans in the order of the possible CPUs.
/// It is a view: the <see cref="BpfMap"/> is what is disposed. Thread-safe. To read all of it, <see cref="MapSnapshot"/> takes the
/// fewest system calls.
/// </summary>
/// <typeparam name="TKey">A struct laid out as the C one, padding included.</typeparam>
/// <typeparam name="TValue">A struct laid out as the C one; the rounding up to 8 bytes may be part of it or not.</typeparam>
public sealed class BpfPerCpuMap<TKey, TValue>
    where TKey : unmanaged
    where TValue : unmanaged
{
    private const int OnStack = 1024;

    internal BpfPerCpuMap(BpfMap map)
    {
        map.RequireKind("a map with a value for each CPU", BpfMapType.PerCpuHash, BpfMapType.PerCpuArray, BpfMapType.LruPerCpuHash);
        map.RequireKeySize<TKey>();
        map.RequireValueSize<TValue>();
        Map = map;
    }

    /// <summary>The map.</summary>
    public BpfMap Map { get; }

    /// <summary>Values that an entry has (<see cref="BpfMap.PossibleCpus"/>).</summary>
    public static int CpuCount => BpfMap.PossibleCpus;

    /// <summary>True if a value is as large as its place, so that spans go to the kernel as they are.</summary>
    private bool IsDense => Unsafe.SizeOf<TValue>() == Map.ValueStride;

    /// <summary>Looks an entry up.</summary>
    /// <param name="key">The key.</param>
    /// <param name="values">Takes the values of all CPUs; at least <see cref="CpuCount"/> long.</param>
    /// <returns>False if there is no such entry.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it.</exception>
    public bool TryLookup(in TKey key, Span<TValue> values) => TryRead(in key, values, take: false);

    /// <summary>Takes an entry out; in one step where the kernel has it (<see cref="BpfMap.TryTake"/>).</summary>
    /// <param name="key">The key.</param>
    /// <param name="values">Takes the values of all CPUs; at least <see cref="CpuCount"/> long.</param>
    /// <returns>False if there is no such entry.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it, as arrays don't.</exception>
    public bool TryTake(in TKey key, Span<TValue> values) => TryRead(in key, values, take: true);

    /// <summary>Makes an entry or replaces its values.</summary>
    /// <param name="key">The key.</param>
    /// <param name="values">A value for each CPU.</param>
    /// <exception cref="BpfSyscallException">The map is full, or does not allow it.</exception>
    public void Update(in TKey key, ReadOnlySpan<TValue> values)
    {
        if (values.Length != CpuCount)
            throw new ArgumentException($"An entry of map {Map.Name} has {CpuCount} values, not {values.Length}.", nameof(values));
        if (IsDense)
        {
            Map.Update(Bytes(in key), MemoryMarshal.AsBytes(values));
            return;
        }

        var rented = Rent(out var length);
        var entry = rented is null ? stackalloc byte[length] : rented.AsSpan(0, length);
        entry.Clear();
        for (var cpu = 0; cpu < values.Length; cpu++)
            MemoryMarshal.Write(entry[(cpu * Map.ValueStride)..], in values[cpu]);
        Map.Update(Bytes(in key), entry);
        Return(rented);
    }

    /// <summary>Gives the entry the same value on each CPU, for example 0.</summary>
    /// <exception cref="BpfSyscallException">The map is full, or does not allow it.</exception>
    public void Fill(in TKey key, TValue value)
    {
        var values = new TValue[CpuCount];
        values.AsSpan().Fill(value);
        Update(in key, values);
    }

    /// <summary>Deletes an entry.</summary>
    /// <returns>False if there was none.</returns>
    /// <exception cref="BpfSyscallException">The map does not allow it, as arrays don't.</exception>
    public bool Delete(in TKey key) => Map.Delete(Bytes(in key));

    private static ReadOnlySpan<byte> Bytes(in TKey key) => MemoryMarshal.AsBytes(new ReadOnlySpan<TKey>(in key));

    private bool TryRead(in TKey key, Span<TValue> values, bool take)
    {
        if (values.Length < CpuCount)
            throw new ArgumentException($"An entry of map {Map.Name} has {CpuCount} values, not {values.Length}.", nameof(values));
        if (IsDense)
            return TryRead(in key, MemoryMarshal.AsBytes(values), take);

        var rented = Rent(out var length);
        var entry = rented is null ? stackalloc byte[length] : rented.AsSpan(0, length);
        var found = TryRead(in key, entry, take);
        for (var cpu = 0; found && cpu < CpuCount; cpu++)
            values[cpu] = MemoryMarshal.Read<TValue>(entry[(cpu * Map.ValueStride)..]);
        Return(rented);
        return found;
    }

    private bool TryRead(in TKey key, Span<byte> entry, bool take) => take ? Map.TryTake(Bytes(in key),
        entry) : Map.TryLookup(Bytes(in key), entry);

    private byte[]? Rent(out int length)
    {
        length = Map.EntryBytes;
        return length <= OnStack ? null : ArrayPool<byte>.Shared.Rent(length);
    }

    // Not in a finally: what an exception leaves is for the collector.
    private static void Return(byte[]? rented)
    {
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }
}
