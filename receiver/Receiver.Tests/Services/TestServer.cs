using EbpfReceiver.Configuration;
using EbpfReceiver.Otlp;
using EbpfReceiver.Services;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EbpfReceiver.Tests.Services;

/// <summary>The real server on free ports of loopback, with a channel to it and a client for its pages.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly EndpointServer _server;

    private TestServer(RecordingOutlet outlet, ReceiverServicesOptions options, ILoggerFactory? loggers)
    {
        Outlet = outlet;
        Parts = new ReceiverServicesParts(
            new Fanout([Live, outlet, Prometheus]), Live, Probes, new StubStatistics(), Peers, Prometheus)
        {
            Memory = Memory,
        };
        _server = new EndpointServer(options, Parts, loggers ?? NullLoggerFactory.Instance);
    }

    /// <summary>Where a test server listens: on a free port of loopback for each of gRPC, HTTP and the pages.</summary>
    public static ReceiverServicesOptions Loopback { get; } = new()
    {
        Grpc = [Endpoint("127.0.0.1:0")],
        Http = [Endpoint("127.0.0.1:0")],
        Pages = [Endpoint("127.0.0.1:0")],
    };

    public LiveOutlet Live { get; } = new();

    public PrometheusOutlet Prometheus { get; } = new();

    public RecordingOutlet Outlet { get; }

    public StubProbes Probes { get; } = new();

    public StubPeers Peers { get; } = new();

    public ReceiverServicesParts Parts { get; }

    public GrpcChannel Channel { get; private set; } = null!;

    public HttpClient Pages { get; } = new();

    /// <summary>A client of OTLP/HTTP.</summary>
    public HttpClient Http { get; } = new();

    public StubPressure Memory { get; } = new();

    /// <summary>The addresses of gRPC, HTTP and the pages.</summary>
    public IReadOnlyList<string> Addresses => _server.Addresses;

    public static async Task<TestServer> StartAsync(
        RecordingOutlet? outlet = null, ReceiverServicesOptions? options = null, ILoggerFactory? loggers = null)
    {
        var server = new TestServer(outlet ?? new RecordingOutlet(), options ?? Loopback, loggers);
        await server._server.StartAsync(TestContext.Current.CancellationToken);
        if (server.Addresses.Count == 3 && server.Addresses[0].StartsWith("http://", StringComparison.Ordinal))
        {
            server.Channel = GrpcChannel.ForAddress(server.Addresses[0]);
            server.Http.BaseAddress = new Uri(server.Addresses[1]);
            server.Pages.BaseAddress = new Uri(server.Addresses[2]);
        }

        return server;
    }

    public static ListenEndpoint Endpoint(string text) =>
        ListenEndpoint.TryParse(text, out ListenEndpoint? endpoint) ? endpoint : throw new FormatException(text);

    /// <param name="patience">How long calls under way have to end.</param>
    public async Task StopAsync(TimeSpan? patience = null)
    {
        using var deadline = new CancellationTokenSource(patience ?? TimeSpan.FromSeconds(30));
        await _server.StopAsync(deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Channel?.Dispose();
        Http.Dispose();
        Pages.Dispose();
        await StopAsync();
        await _server.DisposeAsync();
    }
}
