using EbpfReceiver.Configuration;
using EbpfReceiver.Services.Listeners;

namespace EbpfReceiver.Services;

/// <summary>
/// The server that the receiver's gRPC services and HTTP pages are served by. It reads no configuration, environment or signal of its
/// own, and is started and stopped by its owner.
/// </summary>
public sealed class EndpointServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ReceiverServicesOptions _options;
    private readonly ILogger _log;

    /// <summary>Builds the server; it does not listen yet.</summary>
    /// <param name="options">Where to listen.</param>
    /// <param name="parts">What the services talk to.</param>
    /// <param name="logs">Where the server logs.</param>
    /// <exception cref="TlsFilesException">Certificates can't be used.</exception>
    /// <exception cref="IOException">A file of tokens can't be used.</exception>
    /// <exception cref="UnauthorizedAccessException">A file of tokens may not be read.</exception>
    public EndpointServer(ReceiverServicesOptions options, ReceiverServicesParts parts, ILoggerFactory logs)
    {
        _options = options;
        _log = logs.CreateLogger("EbpfReceiver.Endpoint");
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.AddReceiverServices(options, parts, _log);
        _application = builder.Build();
        _application.MapReceiverServices();
    }

    /// <summary>
    /// The addresses it listens on, with the ports it was given, in the order of the options: gRPC, HTTP, pages. Empty until it is started.
    /// </summary>
    public IReadOnlyList<string> Addresses => [.. _application.Urls];

    /// <summary>Begins to listen.</summary>
    /// <exception cref="IOException">An address is in use, or is not one of this machine.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (string path in SocketPaths()) StaleSocket.Remove(path);
        foreach ((string key, ListenEndpoint endpoint, string lacking) in Exposure.Of(_options))
            ListenerLog.Exposed(_log, endpoint.ToString(), key, lacking);
        await _application.StartAsync(cancellationToken).ConfigureAwait(false);
        if (OperatingSystem.IsWindows()) return;

        // Who may write to the socket may read all telemetry: the owner and the group, unless the credentials of the peers are looked at.
        UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        if (!_options.Peers.IsEmpty) mode |= UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        foreach (string path in SocketPaths()) File.SetUnixFileMode(path, mode);
    }

    /// <summary>Stops listening, ends streams and lets running calls finish until the deadline.</summary>
    public async Task StopAsync(CancellationToken deadline)
    {
        await _application.StopAsync(deadline).ConfigureAwait(false);
        foreach (string path in SocketPaths()) File.Delete(path);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private IEnumerable<string> SocketPaths()
    {
        foreach (ListenEndpoint endpoint in (IEnumerable<ListenEndpoint>)[.. _options.Grpc, .. _options.Http, .. _options.Pages])
        {
            if (endpoint.SocketPath is { } path) yield return path;
        }
    }
}
