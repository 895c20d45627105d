namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>histogram</c>: how values are spread; with exact count, sum, least and largest.</summary>
public sealed record HistogramDefinition : MetricDefinition
{
    /// <summary>Whether only the average is asked for, as by bpftrace's avg().</summary>
    public bool IsAverage { get; init; }

    /// <summary>Where the buckets are.</summary>
    public required HistogramBuckets Buckets { get; init; }
}
