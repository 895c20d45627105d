namespace EbpfReceiver.ProbeLanguage;

/// <summary>Where the buckets of a histogram are.</summary>
public abstract record HistogramBuckets;
