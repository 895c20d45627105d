using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// A map that a <see cref="SampleReader"/> reads, with the buffers it leads to. Opened by the thread that starts the reader, then used by
/// the
/// reader's own; only the counters are asked for by others.
/// </summary>
internal abstract class SampleSource(BpfMap map, ISampleSink sink)
{
    public BpfMap Map { get; } = map;

    public ISampleSink Sink { get; } = sink;

    protected SampleTarget Target { get; } = new(sink);

    /// <summary>CPUs that have a buffer of their own.</summary>
    public virtual int Cpus => 0;

    /// <summary>What the buffers delivered and lost, those that were closed included.</summary>
    public abstract (long Samples, long Bytes, long Lost) Totals { get; }

    /// <summary>Opens the buffers and adds them to what the thread waits for.</summary>
    public abstract void Open(FileDescriptor epoll);

    /// <summary>Looks at every buffer once.</summary>
    public abstract DrainOutcome Drain(int limit);

    /// <summary>Sees to what changes slowly: CPUs that come and go, counters of losses.</summary>
    public abstract void Maintain();

    /// <summary>Lets no more samples in, as far as that is possible.</summary>
    public abstract void Detach();

    /// <summary>After the last sample: tells the sink what is left to tell.</summary>
    public virtual void Finish()
    {
    }

    /// <summary>Closes the buffers; the counters stay.</summary>
    public abstract void Close();

    /// <summary>The source for a map, by its kind.</summary>
    /// <exception cref="ArgumentException">Nothing can be read from this kind of map, or the counter does not fit.</exception>
    public static SampleSource For(BpfMap map, ISampleSink sink, SampleReaderOptions options, BpfMap? losses)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(sink);
        return map.Type switch
        {
            BpfMapType.PerfEventArray when losses is null => new PerfBufferSource(map, sink, options, options.OnlineCpusPath),
            BpfMapType.PerfEventArray => throw new ArgumentException(
                $"The kernel counts what is lost of {map.Name}, a perf event array: a counter is for ring buffers.", nameof(losses)),
            BpfMapType.RingBuffer => new RingBufferSource(map, sink, losses is null ? null : new RingBufferLosses(losses)),
            _ => throw new ArgumentException($"Map {map.Name} is a {map.Type}, neither a perf event array nor a ring buffer.", nameof(map)),
        };
    }
}
