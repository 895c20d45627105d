using EbpfReceiver.Otlp;

namespace EbpfReceiver.Configuration;

/// <summary>Keys <c>exporters.otlp</c> and <c>exporters.otlp_http</c>.</summary>
public sealed record OtlpExporterConfiguration
{
    /// <summary>Where requests go. For <c>otlp_http</c> the base to which <c>/v1/traces</c> and so on are added.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>How requests are compressed.</summary>
    public required OtlpCompression Compression { get; init; }

    /// <summary>Headers (HTTP) or metadata (gRPC) of every request.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Key <c>auth</c>: the token of every request; null for none.</summary>
    public required OtlpAuthOptions? Auth { get; init; }

    /// <summary>The deadline of one request.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>The largest request, before compression.</summary>
    public required int MaxRequestBytes { get; init; }

    /// <summary>What happens to a request that failed and may be repeated.</summary>
    public required OtlpRetryOptions Retry { get; init; }

    /// <summary>What waits while requests are under way.</summary>
    public required OtlpQueueOptions SendingQueue { get; init; }

    /// <summary>Key <c>tls</c>: how https endpoints are trusted.</summary>
    public required OtlpTlsOptions Tls { get; init; }

    /// <summary>Key <c>traces</c>: what differs for spans.</summary>
    public required OtlpSignalOptions Traces { get; init; }

    /// <summary>Key <c>metrics</c>: what differs for metrics.</summary>
    public required OtlpSignalOptions Metrics { get; init; }

    /// <summary>Key <c>logs</c>: what differs for log records.</summary>
    public required OtlpSignalOptions Logs { get; init; }

    /// <summary>Key <c>profiles</c>: what differs for profiles.</summary>
    public required OtlpSignalOptions Profiles { get; init; }

    /// <summary>The options of the outlet that sends.</summary>
    /// <param name="name">The exporter's name, as it stands in the configuration and in the receiver's own counters.</param>
    public OtlpOutletOptions ToOutletOptions(string name) => new()
    {
        Name = name,
        Endpoint = Endpoint,
        Headers = Headers,
        Compression = Compression,
        Auth = Auth,
        Timeout = Timeout,
        MaxRequestBytes = MaxRequestBytes,
        Retry = Retry,
        Queue = SendingQueue,
        Tls = Tls,
        PerSignal = new Dictionary<Signal, OtlpSignalOptions>
        {
            [Signal.Traces] = Traces,
            [Signal.Metrics] = Metrics,
            [Signal.Logs] = Logs,
            [Signal.Profiles] = Profiles,
        },
    };
}
