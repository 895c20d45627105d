using System.Net.Security;
using EbpfReceiver.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace EbpfReceiver.Services.Listeners;

/// <summary>The listeners of a receiver: where, with which protocols, TLS and limits.</summary>
/// <param name="options">What is wanted.</param>
/// <param name="statistics">Counts connections.</param>
/// <param name="log">Told of certificates.</param>
internal sealed class ListenerSet(ReceiverServicesOptions options, EndpointStatistics statistics, ILogger log)
{
    /// <summary>
    /// What a sender may have under way on a connection before we have looked at it; Kestrel's own 1 MiB would be 1 GiB at 1024
    /// connections. On one machine a round trip is far too short for this to slow anyone down.
    /// </summary>
    private const int ConnectionWindow = 256 << 10;

    private const int StreamWindow = 128 << 10;

    /// <summary>How long a body may be slower than its least rate: connections begin slowly.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    private readonly ServerCertificates? _services = options.Tls is { } tls
        ? new ServerCertificates(tls, [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11], log)
        : null;

    private readonly ServerCertificates? _pages = options.PagesTls is { } tls
        ? new ServerCertificates(tls, [SslApplicationProtocol.Http11], log)
        : null;

    /// <summary>Tells Kestrel of them.</summary>
    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        SetLimits(kestrel.Limits);
        HttpProtocols services = _services is null ? HttpProtocols.Http2 : HttpProtocols.Http1AndHttp2;
        HttpProtocols http = _services is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
        foreach (ListenEndpoint endpoint in options.Grpc) Listen(kestrel, endpoint, ListenerRole.Services, services, _services);
        foreach (ListenEndpoint endpoint in options.Http) Listen(kestrel, endpoint, ListenerRole.Services, http, _services);
        foreach (ListenEndpoint endpoint in options.Pages) Listen(kestrel, endpoint, ListenerRole.Pages, HttpProtocols.Http1, _pages);
    }

    private void SetLimits(KestrelServerLimits kestrel)
    {
        EndpointLimits limits = options.Limits;
        // Bodies are measured where they are read, which can say so in the protocol's own words.
        kestrel.MaxRequestBodySize = null;
        kestrel.MaxRequestHeadersTotalSize = limits.MaxHeaderBytes;
        kestrel.MaxRequestLineSize = Math.Min(kestrel.MaxRequestLineSize, limits.MaxHeaderBytes);
        kestrel.MaxRequestBufferSize = Math.Max(StreamWindow, limits.MaxHeaderBytes);
        kestrel.RequestHeadersTimeout = limits.HeaderTimeout;
        kestrel.KeepAliveTimeout = limits.KeepAliveTimeout > TimeSpan.Zero ? limits.KeepAliveTimeout : Timeout.InfiniteTimeSpan;
        kestrel.MinRequestBodyDataRate = limits.MinBodyRate > 0 ? new MinDataRate(limits.MinBodyRate, s_grace) : null;
        kestrel.Http2.MaxStreamsPerConnection = limits.MaxConcurrentStreams;
        kestrel.Http2.InitialConnectionWindowSize = ConnectionWindow;
        kestrel.Http2.InitialStreamWindowSize = StreamWindow;
        kestrel.Http2.MaxRequestHeaderFieldSize = limits.MaxHeaderBytes;
    }

    private void Listen(
        KestrelServerOptions kestrel, ListenEndpoint endpoint, ListenerRole role, HttpProtocols protocols, ServerCertificates? certificates)
    {
        var gate = new ConnectionGate(role, options.Limits.MaxConnections, options.Peers, statistics);
        void Configure(ListenOptions listen)
        {
            listen.Protocols = protocols;
            listen.Use(next => connection => gate.OnConnectionAsync(connection, next));
            if (certificates is null) return;
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = options.Limits.HeaderTimeout,
                OnConnection = _ => ValueTask.FromResult(certificates.Current()),
            });
        }

        if (endpoint.SocketPath is { } path)
            kestrel.ListenUnixSocket(path, Configure);
        else
            kestrel.Listen(endpoint.Address!, Configure);
    }
}
