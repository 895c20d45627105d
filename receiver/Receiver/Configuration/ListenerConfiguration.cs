namespace EbpfReceiver.Configuration;

/// <summary>Key <c>receiver</c>: where the receiver's own services listen, and for whom.</summary>
public sealed record ListenerConfiguration
{
    /// <summary>OTLP/gRPC, inspection, health and reflection are served here; with TLS OTLP/HTTP too.</summary>
    public required ListenEndpoint Endpoint { get; init; }

    /// <summary>Key <c>http.endpoint</c>: OTLP/HTTP is served here; null: it is not.</summary>
    public ListenEndpoint? HttpEndpoint { get; init; }

    /// <summary>Key <c>tls</c>; null: no TLS.</summary>
    public ServerTlsConfiguration? Tls { get; init; }

    /// <summary>Key <c>auth</c>: the tokens of which a request needs one; empty: it needs none.</summary>
    public TokenConfiguration Auth { get; init; } = new();

    /// <summary>Key <c>control</c>: who may change what the receiver does.</summary>
    public ControlConfiguration Control { get; init; } = new();

    /// <summary>Key <c>peers</c>: whose processes may connect to a unix socket.</summary>
    public PeersConfiguration Peers { get; init; } = new();

    /// <summary>How much a sender may ask.</summary>
    public EndpointLimits Limits { get; init; } = new();

    /// <summary>Key <c>stop_timeout</c>: stopping takes no longer; what is not delivered by then is counted and let go.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Key <c>watchdog</c>: what happens when samples are not read any more.</summary>
    public WatchdogConfiguration Watchdog { get; init; } = new();
}
