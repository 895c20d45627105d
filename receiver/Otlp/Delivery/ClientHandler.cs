using System.Net.Security;
using System.Net.Sockets;

namespace EbpfReceiver.Otlp;

/// <summary>Makes the HTTP handler of a push outlet.</summary>
internal static class ClientHandler
{
    /// <summary>
    /// The client sizes its receive window by round trips that it measures with pings. What we receive is a few bytes, and grpc-go servers
    /// count pings. The switch is read once in a process, before the first handler is used.
    /// </summary>
    static ClientHandler() => AppContext.SetSwitch("System.Net.SocketsHttpHandler.Http2FlowControl.DisableDynamicWindowSizing", true);

    /// <summary>
    /// A handler without keepalive pings: grpc-go servers close a connection that pings more than once in five minutes, and a
    /// dead connection shows by the deadline of the request (<see cref="EndpointClient"/>).
    /// </summary>
    public static SocketsHttpHandler Create(Uri endpoint, SslClientAuthenticationOptions? ssl)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            ActivityHeadersPropagator = null,
        };
        if (endpoint.Scheme == "unix")
            ConnectToSocket(handler, endpoint.AbsolutePath);
        if (ssl is not null)
            handler.SslOptions = ssl;
        return handler;
    }

    private static void ConnectToSocket(SocketsHttpHandler handler, string path) =>
        handler.ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        };
}
