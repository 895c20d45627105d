namespace EbpfReceiver.Otlp;

/// <summary>The data a metric has; values are the field numbers in Metric.</summary>
internal enum PointKind : byte
{
    /// <summary>None, or unknown.</summary>
    None = 0,

    /// <summary>Last values.</summary>
    Gauge = MetricsFields.Metric.Gauge,

    /// <summary>Sums.</summary>
    Sum = MetricsFields.Metric.Sum,

    /// <summary>Histograms with explicit bounds.</summary>
    Histogram = MetricsFields.Metric.Histogram,

    /// <summary>Exponential histograms.</summary>
    ExponentialHistogram = MetricsFields.Metric.ExponentialHistogram,

    /// <summary>Quantiles made by the sender.</summary>
    Summary = MetricsFields.Metric.Summary,
}
