using EbpfReceiver.Configuration;

namespace EbpfReceiver.Services;

/// <summary>Where the receiver listens, for whom, and what it accepts.</summary>
public sealed record ReceiverServicesOptions
{
    /// <summary>Where the gRPC services listen, by HTTP/2; with TLS also OTLP/HTTP, by HTTP/1.1 and HTTP/2.</summary>
    public required IReadOnlyList<ListenEndpoint> Grpc { get; init; }

    /// <summary>Where OTLP/HTTP listens, by HTTP/1.1; none: it is not served without TLS.</summary>
    public IReadOnlyList<ListenEndpoint> Http { get; init; } = [];

    /// <summary>Where <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c> are served (HTTP/1.1); none: they are not.</summary>
    public IReadOnlyList<ListenEndpoint> Pages { get; init; } = [];

    /// <summary>How much a sender may ask.</summary>
    public EndpointLimits Limits { get; init; } = new();

    /// <summary>TLS of the gRPC services and OTLP/HTTP; null: none.</summary>
    public ServerTlsConfiguration? Tls { get; init; }

    /// <summary>The tokens of which a call needs one; empty: it needs none.</summary>
    public TokenConfiguration Auth { get; init; } = new();

    /// <summary>Who may change what the receiver does.</summary>
    public ControlConfiguration Control { get; init; } = new();

    /// <summary>Whose processes may connect to unix sockets.</summary>
    public PeersConfiguration Peers { get; init; } = new();

    /// <summary>TLS of the pages; null: none.</summary>
    public ServerTlsConfiguration? PagesTls { get; init; }

    /// <summary>The tokens of which a scraper needs one; empty: it needs none.</summary>
    public TokenConfiguration PagesAuth { get; init; } = new();

    /// <summary>The options of a configuration.</summary>
    public static ReceiverServicesOptions Of(ReceiverConfiguration configuration)
    {
        ListenerConfiguration receiver = configuration.Receiver;
        PrometheusExporterConfiguration? pages = configuration.Exporters.Prometheus;
        return new ReceiverServicesOptions
        {
            Grpc = [receiver.Endpoint],
            Http = receiver.HttpEndpoint is { } http ? [http] : [],
            Pages = pages is null ? [] : [pages.Endpoint],
            Limits = receiver.Limits,
            Tls = receiver.Tls,
            Auth = receiver.Auth,
            Control = receiver.Control,
            Peers = receiver.Peers,
            PagesTls = pages?.Tls,
            PagesAuth = pages?.Auth ?? new TokenConfiguration(),
        };
    }
}
