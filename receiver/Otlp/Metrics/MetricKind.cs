namespace EbpfReceiver.Otlp;

/// <summary>The instrument behind a metric.</summary>
public enum MetricKind : byte
{
    /// <summary>A sum of increments: OTLP Sum.</summary>
    Counter,

    /// <summary>A sum that also falls: OTLP Sum, not monotonic.</summary>
    UpDownCounter,

    /// <summary>The last value: OTLP Gauge.</summary>
    Gauge,

    /// <summary>A distribution: OTLP ExponentialHistogram.</summary>
    ExponentialHistogram,

    /// <summary>A distribution over buckets with bounds of its own: OTLP Histogram.</summary>
    Histogram,
}
