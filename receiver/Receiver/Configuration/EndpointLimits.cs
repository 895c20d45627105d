namespace EbpfReceiver.Configuration;

/// <summary>How much a sender may ask of the receiver's listeners; part of key <c>receiver</c>.</summary>
public sealed record EndpointLimits
{
    /// <summary>The largest request, in bytes, as it comes and decompressed; that of stock gRPC servers and of the Collector.</summary>
    public int MaxMessageBytes { get; init; } = 4 << 20;

    /// <summary>The bytes of all requests together that are being read and handled.</summary>
    public long MaxInFlightBytes { get; init; } = 64 << 20;

    /// <summary>Connections of each listener at a time.</summary>
    public int MaxConnections { get; init; } = 1024;

    /// <summary>Calls at a time on one HTTP/2 connection.</summary>
    public int MaxConcurrentStreams { get; init; } = 100;

    /// <summary>The longest a request may take to come, its body included.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest the headers of a request, or a TLS handshake, may take to come.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may be idle.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The slowest a body may come, in bytes a second, after five seconds of grace; 0 does not look at it.</summary>
    public int MinBodyRate { get; init; } = 240;

    /// <summary>The largest headers of a request, in bytes.</summary>
    public int MaxHeaderBytes { get; init; } = 16 << 10;
}
