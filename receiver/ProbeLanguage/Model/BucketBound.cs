namespace EbpfReceiver.ProbeLanguage;

/// <summary>A bound of a bucket as it was written.</summary>
/// <param name="Value">The number: of nanoseconds for a time, else of the metric's unit.</param>
/// <param name="IsTime">Whether it was written with a unit of time.</param>
public readonly record struct BucketBound(decimal Value, bool IsTime);
