namespace EbpfReceiver.ProbeLanguage;

/// <summary>Buckets as bpftrace's hist() has them, inclusive below and exclusive above: negative, 0, [1, 2), [2, 4), [4, 8), ...</summary>
public sealed record PowersOfTwoBuckets : HistogramBuckets;
