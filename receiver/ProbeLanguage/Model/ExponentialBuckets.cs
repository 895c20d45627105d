namespace EbpfReceiver.ProbeLanguage;

/// <summary>OTLP's exponential histogram: bucket i covers (2^(i/2^scale), 2^((i+1)/2^scale)].</summary>
/// <param name="Scale">0 to 4: 2^scale buckets for each doubling.</param>
public sealed record ExponentialBuckets(int Scale) : HistogramBuckets
{
    /// <summary>Where none was written.</summary>
    public const int DefaultScale = 2;

    /// <summary>The finest.</summary>
    public const int MaxScale = 4;
}
