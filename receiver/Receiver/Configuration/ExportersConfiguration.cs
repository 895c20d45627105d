namespace EbpfReceiver.Configuration;

/// <summary>Key <c>exporters</c>: where telemetry goes. An exporter that is not named is null and does not run.</summary>
public sealed record ExportersConfiguration
{
    /// <summary>Key <c>otlp</c>: push by OTLP/gRPC.</summary>
    public OtlpExporterConfiguration? Otlp { get; init; }

    /// <summary>Key <c>otlp_http</c>: push by OTLP/HTTP with protobuf bodies.</summary>
    public OtlpExporterConfiguration? OtlpHttp { get; init; }

    /// <summary>Key <c>prometheus</c>: the metrics page.</summary>
    public PrometheusExporterConfiguration? Prometheus { get; init; }

    /// <summary>Key <c>file</c>: OTLP JSON lines.</summary>
    public FileExporterConfiguration? File { get; init; }

    /// <summary>Key <c>console</c>: a readable live view on standard output.</summary>
    public ConsoleExporterConfiguration? Console { get; init; }
}
