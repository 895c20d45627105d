using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// The entries of a map at about one moment, read with as few system calls as the kernel allows: BPF_MAP_LOOKUP_BATCH
/// (Linux 5.6; per-CPU arrays 5.13), else BPF_MAP_GET_NEXT_KEY and a look-up each. The buffers are kept, so refreshing allocates
/// nothing once they are as large as the map has become. Not thread-safe.
/// </summary>
public sealed class MapSnapshot
{
    private const int FirstCapacity = 64;
    private byte[] _keys = [];
    private byte[] _values = [];
    private int _capacity;
    private int _keySize;
    private int _valueSize;
    private int _stride;
    private int _entryBytes;
    private BpfMapCursor? _cursor;

    /// <summary>Entries read.</summary>
    public int Count { get; private set; }

    /// <summary>Values an entry has: the possible CPUs in a per-CPU map, else 1.</summary>
    public int CpuCount { get; private set; }

    /// <summary>Reads entries one by one even where the kernel has batches, so that tests can compare the two.</summary>
    internal bool WithoutBatches { get; init; }

    /// <summary>Reads all entries of a map. Entries that come or go meanwhile may or may not be seen.</summary>
    /// <returns>The number of entries.</returns>
    /// <exception cref="BpfSyscallException">The map can't be read.</exception>
    public int Refresh(BpfMap map)
    {
        if (_cursor is not { } cursor || !ReferenceEquals(map, cursor.Map))
            cursor = Adopt(map);
        Count = 0;
        cursor.Restart();
        cursor.WalksKeys = WithoutBatches;
        using var unpreempted = UnpreemptedThread.Begin();
        while (!cursor.IsAtEnd)
        {
            if (Count == _capacity)
                Reserve(2 * _capacity);
            var count = map.ReadBatch(
                BpfCommand.MapLookupBatch, cursor, _keys.AsSpan(Count * _keySize), _values.AsSpan(Count * _entryBytes));
            if (count >= 0)
                Count += count;
            else if (_capacity - Count <= map.MaxEntries) // a bucket of the hash has more entries than there is room for
                Reserve(2 * _capacity);
            else
                throw MapTrouble.Of(map, BpfCommand.MapLookupBatch, -(long)Errno.ENOSPC);
        }

        return Count;
    }

    /// <summary>Key of an entry, valid until the next <see cref="Refresh"/>.</summary>
    public ReadOnlySpan<byte> Key(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return _keys.AsSpan(index * _keySize, _keySize);
    }

    /// <summary>Value of an entry, valid until the next <see cref="Refresh"/>.</summary>
    /// <param name="index">Below <see cref="Count"/>.</param>
    /// <param name="cpu">Below <see cref="CpuCount"/>: the n-th possible CPU.</param>
    public ReadOnlySpan<byte> Value(int index, int cpu = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)cpu, (uint)CpuCount, nameof(cpu));
        return _values.AsSpan(index * _entryBytes + cpu * _stride, _valueSize);
    }

    private BpfMapCursor Adopt(BpfMap map)
    {
        _cursor = new BpfMapCursor(map);
        _keySize = map.KeySize;
        _valueSize = map.ValueSize;
        _stride = map.ValueStride;
        _entryBytes = map.EntryBytes;
        CpuCount = map.IsPerCpu ? BpfMap.PossibleCpus : 1;
        Count = 0;
        _capacity = 0;
        Reserve((int)Math.Clamp(map.MaxEntries, 1, FirstCapacity));
        return _cursor;
    }

    private void Reserve(int capacity)
    {
        var keys = GC.AllocateUninitializedArray<byte>(checked(capacity * _keySize), pinned: true);
        var values = GC.AllocateUninitializedArray<byte>(checked(capacity * _entryBytes), pinned: true);
        _keys.AsSpan(0, Count * _keySize).CopyTo(keys);
        _values.AsSpan(0, Count * _entryBytes).CopyTo(values);
        (_keys, _values, _capacity) = (keys, values, capacity);
    }
}
