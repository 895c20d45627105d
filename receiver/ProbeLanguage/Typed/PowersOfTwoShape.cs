namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Buckets as bpftrace's hist() has them: negative values, 0, then [2^i, 2^(i+1)) with inclusive lower ends.
/// </summary>
public sealed record PowersOfTwoShape : HistogramShape;
