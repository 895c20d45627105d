using System.Runtime;
using EbpfReceiver.Otlp;

namespace EbpfReceiver.Hosting;

/// <summary>
/// Gives back what a burst left of the heap. The collector keeps memory it has freed for many collections to come, and between bursts there
/// are hardly any: a receiver would keep for hours what it needed for seconds.
/// </summary>
internal sealed class HeapTrim
{
    /// <summary>Bytes by which the heap may grow before it is worth a collection of everything: twice what it grows by between two.</summary>
    private const long Slack = 8L << 20;

    /// <summary>A collection takes some ten milliseconds of all threads, so no more than 0.2 % of the time.</summary>
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(5);

    private readonly Func<long> _committed;
    private readonly Action _collect;
    private readonly TimeProvider _time;
    private long _collectedAt;
    private long _settled;

    /// <summary>Watches the heap of this process.</summary>
    public HeapTrim()
        : this(static () => GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes, CollectAll, TimeProvider.System)
    {
    }

    /// <param name="committed">Bytes of memory that the heap takes, as of its last collection.</param>
    /// <param name="collect">Collects everything and gives back what is free.</param>
    /// <param name="time">The clock.</param>
    internal HeapTrim(Func<long> committed, Action collect, TimeProvider time)
    {
        _committed = committed;
        _collect = collect;
        _time = time;
        _collectedAt = time.GetTimestamp();
        _settled = committed();
    }

    /// <summary>Looks whether it is worth it; to be called every second or so, by one thread at a time.</summary>
    public void Look()
    {
        // What is really in use sets the measure, so that a large heap is not collected again and again in vain.
        long committed = _committed();
        _settled = Math.Min(_settled, committed);
        if (committed <= Math.Max(_settled + Slack, _settled + (_settled / 2)) || _time.GetElapsedTime(_collectedAt) < s_between) return;
        _collect();
        _settled = _committed();
        _collectedAt = _time.GetTimestamp();
    }

    /// <summary>Collects everything, and gives memory back to the kernel.</summary>
    public static void CollectAll()
    {
        RequestBuffers.Trim();
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
