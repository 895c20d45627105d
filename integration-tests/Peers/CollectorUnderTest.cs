using System.Globalization;
using EbpfReceiver.IntegrationTests.Processes;
using EbpfReceiver.IntegrationTests.Telemetry;

namespace EbpfReceiver.IntegrationTests.Peers;

/// <summary>A real collector of stock parts: takes OTLP, writes it as lines of JSON, and can send it on.</summary>
internal sealed class CollectorUnderTest : IDisposable
{
    private static readonly HttpClient s_http = new() { Timeout = TimeSpan.FromMinutes(1) };
    private readonly IReadOnlyList<string> _wrapper;
    private readonly string _directory;
    private RunningProcess _process;
    private readonly int _metricsPort;
    private readonly string _lines;

    private CollectorUnderTest(
        RunningProcess process, IReadOnlyList<string> wrapper, string directory, string host, (int Grpc, int Http, int Metrics) ports, string lines)
    {
        _process = process;
        _wrapper = wrapper;
        _directory = directory;
        Host = host;
        GrpcPort = ports.Grpc;
        HttpPort = ports.Http;
        _metricsPort = ports.Metrics;
        _lines = lines;
    }

    /// <summary>The address that it listens on.</summary>
    public string Host { get; }

    public int GrpcPort { get; }

    public int HttpPort { get; }

    public int Id => _process.Id;

    public string Log => _process.Output + _process.Error;

    /// <param name="exporter">YAML in flow style of an exporter that sends what it takes on: <c>otlphttp: { endpoint: ... }</c>.</param>
    /// <param name="grpcSettings">More settings of its gRPC endpoint.</param>
    /// <param name="httpSettings">More settings of its HTTP endpoint.</param>
    /// <param name="grpcPort">Where it takes OTLP/gRPC, when somebody waits for it there; else any port.</param>
    /// <param name="network">Where it runs; null for this network.</param>
    public static CollectorUnderTest Start(
        string? exporter = null, string grpcSettings = "", string httpSettings = "", int? grpcPort = null, RemoteNetwork? network = null)
    {
        Command.Run(Path.Combine(Repository.Root, "integration-tests", "collector", "build.sh"), [], TimeSpan.FromMinutes(15)).EnsureSuccess();
        string directory = Repository.NewScratch("collector"), lines = Path.Combine(directory, "lines.jsonl");
        int grpc = grpcPort ?? FreePort.Take(), http = FreePort.Take(), metrics = FreePort.Take();
        string host = network?.Address ?? "127.0.0.1";
        string exporters = exporter is null ? "lines" : $"lines, {exporter[..exporter.IndexOf(':')]}";
        File.WriteAllText(Path.Combine(directory, "config.yaml"), $$"""
            receivers:
              otlp: { protocols: { grpc: { endpoint: "{{host}}:{{grpc}}", {{grpcSettings}} }, http: { endpoint: "{{host}}:{{http}}", {{httpSettings}} } } }
            exporters:
              lines: { path: {{lines}} }
            {{(exporter is null ? "" : "  " + exporter)}}
            service:
              telemetry:
                metrics: { level: normal, readers: [ { pull: { exporter: { prometheus: { host: "{{host}}", port: {{metrics}} } } } } ] }
              pipelines:
                traces: { receivers: [otlp], exporters: [{{exporters}}] }
                metrics: { receivers: [otlp], exporters: [{{exporters}}] }
                logs: { receivers: [otlp], exporters: [{{exporters}}] }
                profiles: { receivers: [otlp], exporters: [{{exporters}}] }
            """);
        IReadOnlyList<string> wrapper = network?.Wrapper ?? [];
        return new CollectorUnderTest(Run(directory, wrapper), wrapper, directory, host, (grpc, http, metrics), lines);
    }

    /// <summary>Kills it and starts it again on the same ports. What it had taken and not written is lost, as it is with a collector.</summary>
    public void Restart()
    {
        _process.Signal(PosixSignalNumber.Kill);
        _process.Dispose();
        _process = Run(_directory, _wrapper);
    }

    /// <summary>Where it writes what it took.</summary>
    public string TelemetryPath => _lines;

    /// <summary>What it took so far.</summary>
    public TelemetryFile Telemetry() => File.Exists(_lines) ? TelemetryFile.Read(_lines) : new TelemetryFile();

    /// <summary>The sum of one of its own counters, as <c>otelcol_receiver_refused_spans</c>.</summary>
    public double Counter(string name)
    {
        string page = s_http.GetStringAsync($"http://{Host}:{_metricsPort}/metrics").GetAwaiter().GetResult();
        return page.Split('\n').Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + "_total{", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    public void WaitUntil(Func<bool> condition, string what, int seconds = 120) =>
        _process.WaitUntil(condition, TimeSpan.FromSeconds(seconds), what);

    public void Signal(PosixSignalNumber signal) => _process.Signal(signal);

    public void Dispose() => _process.Dispose();

    private static RunningProcess Run(string directory, IReadOnlyList<string> wrapper)
    {
        string[] line =
        [
            .. wrapper, Path.Combine(Repository.Cache, "collector", "otelcol"),
            "--config", "config.yaml", "--feature-gates=+service.profilesSupport",
        ];
        RunningProcess process = RunningProcess.Start(line[0], line[1..], directory);
        try
        {
            process.WaitUntil(() => process.Error.Contains("Everything is ready", StringComparison.Ordinal), TimeSpan.FromMinutes(3), "ready");
        }
        catch
        {
            process.Dispose();
            throw;
        }

        return process;
    }
}
