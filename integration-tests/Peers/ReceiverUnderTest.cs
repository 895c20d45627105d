using System.Diagnostics;
using System.Text.Json;
using EbpfReceiver.IntegrationTests.Processes;
using EbpfReceiver.IntegrationTests.Telemetry;
using EbpfReceiver.Proto.V1;
using Grpc.Net.Client;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Peers;

/// <summary>The program under test on this machine, with a file exporter, a metrics page and whatever a test adds.</summary>
internal sealed class ReceiverUnderTest : IDisposable
{
    private static readonly HttpClient s_http = new() { Timeout = TimeSpan.FromMinutes(1) };
    private readonly RunningProcess _process;
    private readonly string _directory;

    private ReceiverUnderTest(RunningProcess process, string directory, int grpcPort, int httpPort, int metricsPort)
    {
        _process = process;
        _directory = directory;
        GrpcPort = grpcPort;
        HttpPort = httpPort;
        MetricsPort = metricsPort;
    }

    public int GrpcPort { get; }

    /// <summary>Where it takes OTLP/HTTP.</summary>
    public int HttpPort { get; }

    public int MetricsPort { get; }

    public int Id => _process.Id;

    public string Address => $"127.0.0.1:{GrpcPort}";

    public string Log => _process.Output + _process.Error;

    /// <summary>Where the file exporter writes.</summary>
    public string TelemetryPath => Path.Combine(_directory, "telemetry.jsonl");

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="exporters">YAML in flow style, below <c>exporters</c>: <c>otlp: { endpoint: ... }</c>.</param>
    /// <param name="probes">YAML in flow style, inside <c>probes</c>: <c>attach: tracepoint</c>.</param>
    /// <param name="interval">Of metrics.</param>
    /// <param name="file">Whether there is a file exporter, so that <see cref="Telemetry"/> can be read.</param>
    /// <param name="root">Lines of YAML at the top level: <c>memory_limit_mib: 96</c>.</param>
    /// <param name="receiver">YAML in flow style, inside <c>receiver</c>, with a comma in front.</param>
    /// <param name="environment">Variables.</param>
    /// <param name="wrapper">A program, with its arguments, that starts the receiver.</param>
    public static ReceiverUnderTest Start(
        string? exporters = null, string probes = "", string interval = "1s", bool file = true, string root = "",
        string receiver = "", IReadOnlyDictionary<string, string?>? environment = null,
        IReadOnlyList<string>? wrapper = null)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "attaching needs root");
        string directory = Repository.NewScratch("receiver");
        int grpc = FreePort.Take(), http = FreePort.Take(), metrics = FreePort.Take();
        Write(directory, (grpc, http, metrics), exporters, probes, interval, file, root, receiver);
        string[] line = [.. wrapper ?? [], Repository.Receiver, "run", "--config", "config.yaml"];
        RunningProcess process = RunningProcess.Start(line[0], line[1..], directory, environment);
        ReceiverUnderTest started = new(process, directory, grpc, http, metrics);
        try
        {
            process.WaitUntil(() => started.Get("readyz").Ok, TimeSpan.FromMinutes(3), "ready");
        }
        catch
        {
            process.Dispose();
            throw;
        }

        return started;
    }

    /// <summary>
    /// Writes another configuration in the place of the one it was started with, and has it read (SIGHUP). The parameters are those of
    /// <see cref="Start"/>.
    /// </summary>
    public void Reconfigure(
        string? exporters = null, string probes = "", string interval = "1s", bool file = true, string root = "", string receiver = "")
    {
        Write(_directory, (GrpcPort, HttpPort, MetricsPort), exporters, probes, interval, file, root, receiver);
        Signal(PosixSignalNumber.HangUp);
    }

    private static void Write(
        string directory, (int Grpc, int Http, int Metrics) ports, string? exporters, string probes, string interval, bool file, string root,
        string receiver)
    {
        string configuration = $$"""
            receiver: { endpoint: "127.0.0.1:{{ports.Grpc}}", http: { endpoint: "127.0.0.1:{{ports.Http}}" }{{receiver}} }
            probes: { {{probes}} }
            metrics: { interval: {{interval}} }
            {{root}}
            exporters:
              prometheus: { endpoint: "127.0.0.1:{{ports.Metrics}}" }
            {{(file ? $"  file: {{ path: {Path.Combine(directory, "telemetry.jsonl")} }}" : "")}}
            {{(exporters is null ? "" : "  " + exporters)}}
            """;
        File.WriteAllText(Path.Combine(directory, "config.yaml"), configuration);
    }

    public (bool Ok, string Body) Get(string path, string? accept = null)
    {
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, $"http://127.0.0.1:{MetricsPort}/{path}");
            if (accept is not null)
                request.Headers.TryAddWithoutValidation("Accept", accept);
            using HttpResponseMessage response = s_http.Send(request);
            using StreamReader reader = new(response.Content.ReadAsStream());
            return (response.IsSuccessStatusCode, reader.ReadToEnd());
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TaskCanceledException)
        {
            return (false, error.Message);
        }
    }

    /// <summary>What the file exporter wrote so far.</summary>
    public TelemetryFile Telemetry() => File.Exists(TelemetryPath) ? TelemetryFile.Read(TelemetryPath) : new TelemetryFile();

    /// <summary>All its counters.</summary>
    public GetStatsResponse Statistics()
    {
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{Address}");
        return new ReceiverService.ReceiverServiceClient(channel).GetStats(new GetStatsRequest(), deadline: DateTime.UtcNow.AddMinutes(1));
    }

    /// <summary>Calls a method of the receiver's own service by reflection alone.</summary>
    public JsonElement Call(string method, string request = "{}")
    {
        string output = ReflectionClient.Call(Address, "ebpfreceiver.v1.ReceiverService", method, request);
        using JsonDocument document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    public void WaitUntil(Func<bool> condition, string what, int seconds = 120) =>
        _process.WaitUntil(condition, TimeSpan.FromSeconds(seconds), what);

    /// <summary>Sends a signal to the receiver, also where a wrapper has stayed its parent.</summary>
    public void Signal(PosixSignalNumber signal)
    {
        // There without a wrapper, too, and empty; not in kernels without CONFIG_PROC_CHILDREN.
        string list = $"/proc/{_process.Id}/task/{_process.Id}/children";
        string children = File.Exists(list) ? File.ReadAllText(list).Trim() : "";
        if (children.Length == 0) _process.Signal(signal);
        else Command.Run("kill", [$"-{(int)signal}", children]).EnsureSuccess();
    }

    /// <summary>Stops it with a signal: how long that took, and the exit code.</summary>
    public (TimeSpan Time, int ExitCode) Stop(PosixSignalNumber signal = PosixSignalNumber.Terminate)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Signal(signal);
        int exit = _process.WaitForExit(TimeSpan.FromMinutes(1));
        return (watch.Elapsed, exit);
    }

    /// <summary>Waits for it to end by itself: the exit code.</summary>
    public int WaitForExit(int seconds = 120) => _process.WaitForExit(TimeSpan.FromSeconds(seconds));

    public void Dispose() => _process.Dispose();
}
