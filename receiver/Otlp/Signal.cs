namespace EbpfReceiver.Otlp;

/// <summary>The four signals of OTLP; each has its own request message and service.</summary>
public enum Signal : byte
{
    /// <summary>Spans: <c>ExportTraceServiceRequest</c>.</summary>
    Traces,

    /// <summary>Data points: <c>ExportMetricsServiceRequest</c>.</summary>
    Metrics,

    /// <summary>Log records: <c>ExportLogsServiceRequest</c>.</summary>
    Logs,

    /// <summary>Profiles (<c>v1development</c>): <c>ExportProfilesServiceRequest</c>.</summary>
    Profiles,
}
