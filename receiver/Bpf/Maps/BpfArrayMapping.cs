using System.Runtime.CompilerServices;
using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// The memory of an array map in this process: reads and writes take no system call, and programs see them at once. Made by
/// <see cref="BpfMap.Map{TValue}"/>; disposing it ends the mapping, after which no reference into it may be used. The map may be
/// disposed before.
/// </summary>
/// <typeparam name="TValue">A struct laid out as the C one. Words in it that programs change are read with <see cref="Volatile"/> and
/// changed
/// with <see cref="Interlocked"/>.</typeparam>
public sealed unsafe class BpfArrayMapping<TValue> : IDisposable
    where TValue : unmanaged
{
    private readonly MemoryMapping _mapping;
    private readonly int _stride;

    private BpfArrayMapping(MemoryMapping mapping, int length, int stride)
    {
        _mapping = mapping;
        _stride = stride;
        Length = length;
    }

    /// <summary>Entries of the array.</summary>
    public int Length { get; }

    /// <summary>A value, in place. Writing to one that is mapped read-only ends the process.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such index.</exception>
    /// <exception cref="ObjectDisposedException">The mapping was ended.</exception>
    public ref TValue this[int index]
    {
        get
        {
            ObjectDisposedException.ThrowIf(_mapping.IsClosed, this);
            if ((uint)index >= (uint)Length)
                throw new IndexOutOfRangeException($"The array has {Length} entries; there is no entry {index}.");
            return ref Unsafe.AsRef<TValue>(_mapping.Address + (long)index * _stride);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _mapping.Dispose();

    internal static BpfArrayMapping<TValue> Open(BpfMap map, bool readOnly)
    {
        map.RequireKind("mapped memory", BpfMapType.Array);
        map.RequireValueSize<TValue>();
        if ((map.Flags & BpfMapFlags.Mappable) == 0)
            throw new BpfException($"Map {map.Name} was not made to be mapped: give its MapSpec the flag BpfMapFlags.Mappable.");
        // array_map_alloc() of kernel/bpf/arraymap.c: values at multiples of 8, the whole in whole pages.
        var stride = (map.ValueSize + 7) & ~7;
        var page = (ulong)Environment.SystemPageSize;
        var length = ((ulong)map.MaxEntries * (ulong)stride + page - 1) / page * page;
        var mapping = MemoryMapping.Map(map.Descriptor, 0, (nuint)length, writable: !readOnly, $"mapping map {map.Name}",
            "Once a map is frozen it can be mapped for reading only.");
        return new BpfArrayMapping<TValue>(mapping, checked((int)map.MaxEntries), stride);
    }
}
