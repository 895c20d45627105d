using System.Runtime.CompilerServices;

namespace EbpfReceiver.Bpf;

public sealed partial class BpfMap
{
    /// <summary>
    /// This map with types for its keys and values: hashes, arrays, LRU hashes, tries (with <see cref="LpmKey{TAddress}"/>). Per-CPU maps
    /// are
    /// <see cref="AsPerCpu{TKey, TValue}"/>.
    /// </summary>
    /// <typeparam name="TKey">A struct laid out as the C one.</typeparam>
    /// <typeparam name="TValue">A struct laid out as the C one.</typeparam>
    /// <exception cref="BpfException">The map is of another kind, or the sizes differ.</exception>
    public BpfMap<TKey, TValue> As<TKey, TValue>()
        where TKey : unmanaged
        where TValue : unmanaged => new(this);

    /// <summary>This per-CPU map with types for its keys and for the value of each CPU.</summary>
    /// <typeparam name="TKey">A struct laid out as the C one.</typeparam>
    /// <typeparam name="TValue">A struct laid out as the C one; the rounding up to 8 bytes may be part of it or not.</typeparam>
    /// <exception cref="BpfException">The map is of another kind, or the sizes differ.</exception>
    public BpfPerCpuMap<TKey, TValue> AsPerCpu<TKey, TValue>()
        where TKey : unmanaged
        where TValue : unmanaged => new(this);

    /// <summary>This queue or stack with a type for what it holds.</summary>
    /// <exception cref="BpfException">The map is of another kind, or the sizes differ.</exception>
    public BpfQueue<TValue> AsQueue<TValue>()
        where TValue : unmanaged => new(this);

    /// <summary>This bloom filter with a type for what it holds.</summary>
    /// <exception cref="BpfException">The map is of another kind, or the sizes differ.</exception>
    public BpfBloomFilter<TValue> AsBloomFilter<TValue>()
        where TValue : unmanaged => new(this);

    /// <summary>This array or hash of maps with a type for its keys.</summary>
    /// <exception cref="BpfException">The map is of another kind, or the size of the key differs.</exception>
    public BpfMapOfMaps<TKey> AsMapOfMaps<TKey>()
        where TKey : unmanaged => new(this);

    /// <summary>This map as an array of programs for tail calls.</summary>
    /// <exception cref="BpfException">The map is of another kind.</exception>
    public BpfProgramArray AsProgramArray() => new(this);

    /// <summary>This map as stacks by their ids.</summary>
    /// <exception cref="BpfException">The map is of another kind.</exception>
    public BpfStackTraces AsStackTraces() => new(this);

    /// <summary>This map as an array of cgroups.</summary>
    /// <exception cref="BpfException">The map is of another kind.</exception>
    public BpfCgroupArray AsCgroupArray() => new(this);

    /// <summary>Maps the memory of an array that was made with <see cref="BpfMapFlags.Mappable"/>, global variables among them.</summary>
    /// <typeparam name="TValue">A struct laid out as the value in C.</typeparam>
    /// <param name="readOnly">Without writing; needed once the map is frozen.</param>
    /// <exception cref="BpfException">The map is of another kind, the sizes differ, or it can't be mapped.</exception>
    public BpfArrayMapping<TValue> Map<TValue>(bool readOnly = false)
        where TValue : unmanaged => BpfArrayMapping<TValue>.Open(this, readOnly);

    internal void RequireKind(string view, params ReadOnlySpan<BpfMapType> types)
    {
        if (!types.Contains(Type))
            throw new BpfException($"Map {Name} is of the kind {Type}, which can't be used as {view}.");
    }

    internal void RequireKeySize<TKey>()
        where TKey : unmanaged
    {
        if (Unsafe.SizeOf<TKey>() != KeySize)
            throw new BpfException($"Map {Name} has keys of {KeySize} bytes, and {typeof(TKey).Name} has {Unsafe.SizeOf<TKey>()}.");
    }

    internal void RequireValueSize<TValue>()
        where TValue : unmanaged
    {
        var size = Unsafe.SizeOf<TValue>();
        if (size == ValueSize || (IsPerCpu && size == ValueStride))
            return;
        var rounded = ValueStride == ValueSize ? "" : $" (in each CPU's place {ValueStride})";
        throw new BpfException($"Map {Name} has values of {ValueSize} bytes{rounded}, and {typeof(TValue).Name} has {size}.");
    }
}
