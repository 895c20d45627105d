namespace EbpfReceiver.ProbeLanguage;

/// <summary>OTLP's exponential buckets, with inclusive upper ends.</summary>
/// <param name="Scale">0 to 4: 2^scale buckets for each doubling.</param>
/// <param name="FromNanoseconds">Values are ns and the metric's unit is s: buckets are of ticks of 2^-30 s.</param>
public sealed record ExponentialShape(int Scale, bool FromNanoseconds) : HistogramShape
{
    /// <summary>The finest scale.</summary>
    public const int FinestScale = 4;
}
