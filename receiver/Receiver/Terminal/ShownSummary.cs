namespace EbpfReceiver.Terminal;

/// <summary>What an interval of metrics comes to.</summary>
internal sealed record ShownSummary
{
    public required DateTimeOffset Time { get; init; }

    public required TimeSpan Interval { get; init; }

    /// <summary>Latencies, the ones with values only, in the order in which they are shown.</summary>
    public required IReadOnlyList<(string Name, LatencyDistribution Values)> Latencies { get; init; }

    /// <summary>The processes that did most, by CPU time, then by bytes.</summary>
    public required IReadOnlyList<ProcessActivity> Processes { get; init; }

    /// <summary>Processes beyond those that are listed.</summary>
    public required int OtherProcesses { get; init; }

    /// <summary>Counters in words: "tcp: 12 connected, 3 accepted".</summary>
    public required IReadOnlyList<string> Counters { get; init; }

    /// <summary>Counters and histograms of declared probes in words, the busiest first.</summary>
    public required IReadOnlyList<string> Declared { get; init; }

    /// <summary>Losses in words; empty: none.</summary>
    public required IReadOnlyList<string> Losses { get; init; }
}
