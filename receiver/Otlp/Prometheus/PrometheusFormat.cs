namespace EbpfReceiver.Otlp;

/// <summary>The two text formats that scrapers ask for.</summary>
internal enum PrometheusFormat : byte
{
    /// <summary>Prometheus text, version 0.0.4.</summary>
    Text,

    /// <summary>OpenMetrics text, version 1.0.0.</summary>
    OpenMetrics,
}
