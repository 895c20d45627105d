namespace EbpfReceiver.Otlp;

/// <summary>The types that the text formats know.</summary>
internal enum PrometheusType : byte
{
    Gauge,
    Counter,
    Histogram,
    Summary,
}
