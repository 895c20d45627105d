namespace EbpfReceiver.Bpf;

/// <summary>
/// What programs could not put into a ring buffer. The kernel does not count that: bpf_ringbuf_reserve and bpf_ringbuf_output fail, and
/// only
/// the program knows. The convention: a map of the kind <see cref="BpfMapType.PerCpuArray"/> with one <c>u64</c> at index 0, to which
/// the program adds 1 for each failure. Not thread-safe.
/// </summary>
public sealed class RingBufferLosses
{
    private readonly BpfPerCpuMap<uint, ulong> _counter;
    private readonly ulong[] _now = new ulong[BpfMap.PossibleCpus];
    private readonly ulong[] _before = new ulong[BpfMap.PossibleCpus];
    private long _total;

    /// <summary>Reads a counter.</summary>
    /// <param name="counter">A per-CPU array of <c>u64</c>; the entry 0 is read.</param>
    /// <exception cref="ArgumentException">The map is of another kind, or its entries have other sizes.</exception>
    public RingBufferLosses(BpfMap counter)
    {
        ArgumentNullException.ThrowIfNull(counter);
        if (counter is not { Type: BpfMapType.PerCpuArray, KeySize: sizeof(uint), ValueSize: sizeof(ulong) })
            throw new ArgumentException($"A counter of losses is a per-CPU array of u64; map {counter} is not.", nameof(counter));
        _counter = counter.AsPerCpu<uint, ulong>();
    }

    /// <summary>Samples lost on all CPUs that were reported; may be read by any thread.</summary>
    public long Total => Volatile.Read(ref _total);

    /// <summary>Reads the counter and tells a sink, CPU by CPU, what was lost since the last time.</summary>
    /// <returns>How many that are.</returns>
    /// <exception cref="BpfSyscallException">The map can't be read.</exception>
    public long Report(ISampleSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        _counter.TryLookup(0, _now);
        var lost = 0UL;
        for (var cpu = 0; cpu < _now.Length; cpu++)
        {
            var count = _now[cpu] - _before[cpu];
            if (count == 0)
                continue;
            _before[cpu] = _now[cpu];
            lost += count;
            sink.OnLost(cpu, count);
        }

        Volatile.Write(ref _total, _total + (long)lost);
        return (long)lost;
    }

    /// <summary>Counts from now on.</summary>
    /// <exception cref="BpfSyscallException">The map can't be read.</exception>
    public void Forget() => _counter.TryLookup(0, _before);
}
