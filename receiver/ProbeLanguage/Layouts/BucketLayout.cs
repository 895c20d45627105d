namespace EbpfReceiver.ProbeLanguage;

/// <summary>The buckets in the value of a histogram.</summary>
public sealed record BucketLayout
{
    /// <summary>How values are divided.</summary>
    public required HistogramShape Shape { get; init; }

    /// <summary>Of the first bucket; buckets are u32.</summary>
    public required int Offset { get; init; }

    /// <summary>How many there are.</summary>
    public required int Count { get; init; }

    /// <summary>
    /// Exponential: OTLP's index of the first bucket, in the metric's unit. Powers of two: the first bucket is [1, 2).
    /// Explicit and linear: 0.
    /// </summary>
    public int FirstIndex { get; init; }

    /// <summary>Values that are 0, or at most the zero threshold (u64); -1: the shape has no such count.</summary>
    public int ZeroOffset { get; init; } = -1;

    /// <summary>Values below 0 (u64); -1: the shape has no such count, or values are unsigned.</summary>
    public int NegativeOffset { get; init; } = -1;

    /// <summary>Exponential: the greatest value that <see cref="ZeroOffset"/> counts, in the metric's unit.</summary>
    public double ZeroThreshold { get; init; }
}
