namespace EbpfReceiver.ProbeLanguage;

/// <summary>Buckets with given upper bounds, inclusive as in OTLP; one more bucket is above the last.</summary>
/// <param name="Bounds">Upper bounds, ascending.</param>
public sealed record ExplicitBuckets(IReadOnlyList<BucketBound> Bounds) : HistogramBuckets
{
    /// <summary>Most bounds that are taken.</summary>
    public const int MaxBounds = 160;
}
