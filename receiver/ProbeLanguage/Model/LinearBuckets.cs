namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Buckets of one width, as bpftrace's lhist: inclusive below and exclusive above, [min, min+step), ...; one below, one above.
/// </summary>
/// <param name="Min">The lowest bound.</param>
/// <param name="Max">The highest bound; min plus a whole number of steps.</param>
/// <param name="Step">The width.</param>
public sealed record LinearBuckets(BucketBound Min, BucketBound Max, BucketBound Step) : HistogramBuckets
{
    /// <summary>Most steps that are taken.</summary>
    public const int MaxSteps = 1000;
}
