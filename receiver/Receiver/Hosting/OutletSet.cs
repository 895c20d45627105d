using EbpfReceiver.Cli;
using EbpfReceiver.Configuration;
using EbpfReceiver.Otlp;
using EbpfReceiver.Terminal;

namespace EbpfReceiver.Hosting;

/// <summary>The outlets that a configuration names, and the one that is always there: the recent past, for Pull and Tail.</summary>
internal sealed class OutletSet : IDisposable
{
    /// <summary>Keys of exporters that can be started and ended while the receiver runs.</summary>
    public static readonly IReadOnlyList<string> Exchangeable = ["otlp", "otlp_http", "file", "console"];

    private readonly Dictionary<string, IOutlet> _exchangeable;
    private readonly ILogger _log;

    private OutletSet(Dictionary<string, IOutlet> exchangeable, LiveOutlet live, PrometheusOutlet? prometheus, ILogger log)
    {
        _exchangeable = exchangeable;
        _log = log;
        (Live, Prometheus) = (live, prometheus);
    }

    public IReadOnlyList<IOutlet> All => Prometheus is null ? [Live, .. _exchangeable.Values] : [Live, Prometheus, .. _exchangeable.Values];

    public LiveOutlet Live { get; }

    /// <summary>Null: the metrics page is not wanted.</summary>
    public PrometheusOutlet? Prometheus { get; }

    /// <exception cref="CommandFailedException">The directory of a queue or a file of TLS can't be used.</exception>
    public static OutletSet Create(ReceiverConfiguration configuration, ILoggerFactory loggers)
    {
        ILogger log = loggers.CreateLogger("EbpfReceiver.Outlets");
        PrometheusOutlet? prometheus = configuration.Exporters.Prometheus is null ? null : new PrometheusOutlet();
        return new OutletSet(Make(Exchangeable, configuration, log), new LiveOutlet(), prometheus, log);
    }

    /// <summary>
    /// Ends the outlets of some exporters and starts those that a changed configuration has in their place. From the first moment on the
    /// new ones take what comes; they begin to send when the old ones have sent what they had, or the time for that is over and the rest
    /// is counted.
    /// </summary>
    /// <param name="names">Keys of exporters that have changed, come or gone.</param>
    /// <param name="configuration">The changed configuration.</param>
    /// <param name="fanout">Where the outlets are.</param>
    /// <exception cref="Exception">A new outlet can't be made, as of a certificate that can't be read; nothing has changed.</exception>
    public async Task ExchangeAsync(IReadOnlyCollection<string> names, ReceiverConfiguration configuration, Fanout fanout)
    {
        Dictionary<string, IOutlet> entering = Make(names, configuration, _log);
        IOutlet[] leaving = [.. names.Where(_exchangeable.ContainsKey).Select(name => _exchangeable[name])];
        // Whoever waits for room in an outlet that leaves would wait for ever.
        foreach (IOutlet outlet in leaving) outlet.StopBlocking();
        fanout.Exchange(leaving, entering.Values);
        foreach (string name in names) _exchangeable.Remove(name);
        foreach ((string name, IOutlet outlet) in entering) _exchangeable.Add(name, outlet);
        using (var deadline = new CancellationTokenSource(configuration.Receiver.StopTimeout))
            await Task.WhenAll(leaving.Select(outlet => outlet.StopAsync(deadline.Token)));
        foreach (IOutlet outlet in leaving) (outlet as IDisposable)?.Dispose();
        foreach (IOutlet outlet in entering.Values) await outlet.StartAsync(CancellationToken.None);
    }

    public void Dispose()
    {
        foreach (IOutlet outlet in All)
            (outlet as IDisposable)?.Dispose();
    }

    private static Dictionary<string, IOutlet> Make(IEnumerable<string> names, ReceiverConfiguration configuration, ILogger log)
    {
        var made = new Dictionary<string, IOutlet>(StringComparer.Ordinal);
        try
        {
            foreach (string name in names)
            {
                if (Make(name, configuration, log) is { } outlet) made.Add(name, outlet);
            }

            return made;
        }
        catch
        {
            foreach (IOutlet outlet in made.Values) (outlet as IDisposable)?.Dispose();
            throw;
        }
    }

    /// <summary>The outlet of an exporter; null if the configuration does not have it.</summary>
    private static IOutlet? Make(string name, ReceiverConfiguration configuration, ILogger log) => (name, configuration.Exporters) switch
    {
        ("otlp", { Otlp: { } grpc }) => Open(name, () => new OtlpGrpcOutlet(grpc.ToOutletOptions(name), log)),
        ("otlp_http", { OtlpHttp: { } http }) => Open(name, () => new OtlpHttpOutlet(http.ToOutletOptions(name), log)),
        ("file", { File: { } file }) => new FileOutlet(new FileOutletOptions { Path = file.Path }, log),
        ("console", { Console: { } console }) => new ConsoleOutlet(ConsoleViews.Create(console.Color), new ConsoleOutletOptions
        {
            Events = console.Events,
            Summary = console.Summary,
            MaxEventsPerSecond = console.MaxEventsPerSecond,
            MetricsInterval = configuration.Metrics.Interval,
        }),
        _ => null,
    };

    private static IOutlet Open(string name, Func<IOutlet> make)
    {
        try
        {
            return make();
        }
        catch (StorageException e)
        {
            throw new CommandFailedException($"exporters.{name}: {e.Message}", e.Remedy);
        }
        catch (TlsFileException e)
        {
            throw new CommandFailedException($"exporters.{name}.tls: {e.Message}", "Name files in PEM that the receiver may read.");
        }
    }
}
