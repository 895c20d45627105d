namespace EbpfReceiver.Hosting;

/// <summary>All counters of the receiver at one moment.</summary>
public sealed record ReceiverStatistics
{
    /// <summary>When the receiver was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Samples by kind.</summary>
    public required IReadOnlyList<SampleStatistics> Samples { get; init; }

    /// <summary>Losses of every stage, by cause, also those that never happened.</summary>
    public required IReadOnlyList<DropStatistics> Dropped { get; init; }

    /// <summary>Items (spans, log records, data points) that were handed to the outlets.</summary>
    public required long ItemsPublished { get; init; }

    /// <summary>The outlets.</summary>
    public required IReadOnlyList<OutletSummary> Outlets { get; init; }

    /// <summary>Processes known now, those that exited a short while ago included.</summary>
    public required int ProcessesKnown { get; init; }

    /// <summary>Items whose process was not known when they left.</summary>
    public required long IdentityMisses { get; init; }

    /// <summary>How often the thread that reads the samples was found standing still.</summary>
    public long ReaderStalls { get; init; }

    /// <summary>How often the wall clock was seen to step.</summary>
    public long ClockSteps { get; init; }

    /// <summary>Spans that ended before they began.</summary>
    public long SpansReversed { get; init; }

    /// <summary>Resident memory of the receiver in bytes.</summary>
    public required long ResidentBytes { get; init; }

    /// <summary>CPU time of the receiver, user and system.</summary>
    public required TimeSpan CpuTime { get; init; }
}
