using System.Net.Sockets;
using EbpfReceiver.Configuration;
using EbpfReceiver.Proto.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace EbpfReceiver.Cli;

/// <summary>A connection to a running receiver.</summary>
internal sealed class ReceiverClient : IDisposable
{
    public const string DefaultEndpoint = "127.0.0.1:4327";

    private readonly GrpcChannel _channel;
    private readonly string _endpoint;

    private ReceiverClient(GrpcChannel channel, string endpoint, string? token)
    {
        _channel = channel;
        _endpoint = endpoint;
        CallInvoker invoker = channel.CreateCallInvoker();
        if (token is not null)
        {
            invoker = invoker.Intercept(headers =>
            {
                headers.Add("authorization", $"Bearer {token}");
                return headers;
            });
        }

        Service = new ReceiverService.ReceiverServiceClient(invoker);
        Health = new Health.HealthClient(invoker);
    }

    public ReceiverService.ReceiverServiceClient Service { get; }

    public Health.HealthClient Health { get; }

    /// <summary>Prepares a connection; it is made with the first call.</summary>
    /// <param name="endpoint"><c>host:port</c>, a URL, or <c>unix:///path</c>.</param>
    /// <param name="credentials">Token and certificates; null: none.</param>
    /// <exception cref="CommandFailedException">The endpoint cannot be read.</exception>
    public static ReceiverClient Connect(string endpoint, ClientCredentials? credentials = null)
    {
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(3) };
        string scheme = credentials?.Tls is null ? "http://" : "https://";
        string url = endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : scheme + endpoint;
        if (credentials?.Tls is { } tls) handler.SslOptions = tls;
        if (ListenEndpoint.TryParse(endpoint, out ListenEndpoint? listen) && listen.SocketPath is { } path)
        {
            url = scheme + "localhost";
            handler.ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            };
        }
        else if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new CommandFailedException($"\"{endpoint}\" is no endpoint; expected such as {DefaultEndpoint} or unix:///run/ebpf-receiver.sock", null, ExitCode.Usage);
        }

        var options = new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, MaxReceiveMessageSize = 64 << 20 };
        return new ReceiverClient(GrpcChannel.ForAddress(url, options), endpoint, credentials?.Token);
    }

    /// <summary>A failed call in words.</summary>
    public CommandFailedException Explain(RpcException e) => e.StatusCode switch
    {
        StatusCode.Unavailable => new CommandFailedException(
            $"no receiver answers at {_endpoint}",
            "Start one (ebpf-receiver run), or name where it listens with --endpoint, and with --ca-file whom to trust if it has TLS."),
        StatusCode.Unauthenticated => new CommandFailedException(
            $"{_endpoint}: a token is required", "Name the file that has it with --token-file."),
        StatusCode.DeadlineExceeded => new CommandFailedException($"the receiver at {_endpoint} does not answer in time"),
        _ => new CommandFailedException($"{_endpoint}: {e.Status.Detail}"),
    };

    public void Dispose() => _channel.Dispose();
}
