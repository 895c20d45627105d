namespace EbpfReceiver.Configuration;

/// <summary>Key <c>exporters.prometheus</c>.</summary>
public sealed record PrometheusExporterConfiguration
{
    /// <summary>Where <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c> are served.</summary>
    public required ListenEndpoint Endpoint { get; init; }

    /// <summary>Key <c>tls</c>; null: no TLS.</summary>
    public ServerTlsConfiguration? Tls { get; init; }

    /// <summary>Key <c>auth</c>: the tokens of which a scraper needs one; empty: it needs none.</summary>
    public TokenConfiguration Auth { get; init; } = new();
}
