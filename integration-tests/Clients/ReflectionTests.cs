using System.Text.Json;
using EbpfReceiver.IntegrationTests.Peers;
using EbpfReceiver.IntegrationTests.Processes;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Clients;

/// <summary>A client that knows nothing of the receiver lists, describes and calls everything by reflection.</summary>
public sealed class ReflectionTests : IDisposable
{
    private const string Service = "ebpfreceiver.v1.ReceiverService";

    private readonly ReceiverUnderTest _receiver = ReceiverUnderTest.Start();

    public void Dispose() => _receiver.Dispose();

    [Fact]
    public void Every_service_is_listed_and_described()
    {
        string[] services = [.. Json(ReflectionClient.List(_receiver.Address)).EnumerateArray().Select(item => item.GetString()!)];
        Assert.Superset(
            new HashSet<string>
            {
                Service,
                "opentelemetry.proto.collector.trace.v1.TraceService",
                "opentelemetry.proto.collector.metrics.v1.MetricsService",
                "opentelemetry.proto.collector.logs.v1.LogsService",
                "opentelemetry.proto.collector.profiles.v1development.ProfilesService",
                "grpc.health.v1.Health",
            },
            services.ToHashSet());
        foreach (string service in services.Where(name => !name.StartsWith("grpc.reflection", StringComparison.Ordinal)))
            Assert.NotEmpty(Json(ReflectionClient.Describe(_receiver.Address, service)).EnumerateArray());
    }

    [Fact]
    public void Every_method_answers()
    {
        Command.Run(Repository.Workload, ["exec", "10", "0", "reflected"]).EnsureSuccess();
        Command.Run(Repository.Workload, ["refused", "127.0.0.1", $"{FreePort.Take()}", "3"]).EnsureSuccess();
        _receiver.WaitUntil(() => _receiver.Telemetry() is var all && all.Spans.Count > 0 && all.Logs.Count > 0 && all.Points.Count > 0, "all signals");

        JsonElement[] probes = [.. _receiver.Call("ListProbes").GetProperty("probes").EnumerateArray()];
        Dictionary<string, string> states = probes.ToDictionary(probe => probe.GetProperty("name").GetString()!, probe => probe.GetProperty("state").GetString()!);
        foreach (string name in (string[])["block", "dns", "process", "sched", "tcp", "tls", "oom_kills"])
            Assert.Equal((name, "PROBE_STATE_RUNNING"), (name, states[name]));
        Assert.Subset(new HashSet<string> { "PROBE_STATE_RUNNING", "PROBE_STATE_DISABLED" }, states.Values.ToHashSet());

        JsonElement tcp = _receiver.Call("ExplainProbe", """{"name":"tcp"}""");
        Assert.NotEmpty(tcp.GetProperty("programs").EnumerateArray());
        Assert.NotEmpty(tcp.GetProperty("maps").EnumerateArray());
        Assert.InRange(long.Parse(tcp.GetProperty("mapMemoryBytes").GetString()!, null), 1, 512 << 10);

        JsonElement statistics = _receiver.Call("GetStats");
        Assert.NotEmpty(statistics.GetProperty("samples").EnumerateArray());

        foreach ((string signal, string data) in (ReadOnlySpan<(string, string)>)[("SIGNAL_TRACES", "resourceSpans"), ("SIGNAL_METRICS", "resourceMetrics"), ("SIGNAL_LOGS", "resourceLogs")])
        {
            JsonElement pulled = _receiver.Call("Pull", $$"""{"signal":"{{signal}}","waitMilliseconds":5000}""");
            Assert.True(pulled.GetProperty("items").GetInt32() > 0, $"no {signal}");
            string kind = signal["SIGNAL_".Length..].ToLowerInvariant();
            Assert.NotEmpty(pulled.GetProperty(kind).GetProperty(data).EnumerateArray());
            // From its cursor on there is only what is new.
            string cursor = pulled.GetProperty("nextCursor").GetString()!;
            JsonElement next = _receiver.Call("Pull", $$"""{"signal":"{{signal}}","cursor":"{{cursor}}"}""");
            Assert.True(ulong.Parse(next.GetProperty("nextCursor").GetString()!, null) >= ulong.Parse(cursor, null));
        }

        string[] tail = ReflectionClient.Call(_receiver.Address, Service, "Tail", """{"signals":["SIGNAL_METRICS"],"fromOldest":true}""").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(tail);
        JsonElement health = Json(ReflectionClient.Call(_receiver.Address, "grpc.health.v1.Health", "Check", "{}"));
        Assert.Equal("SERVING", health.GetProperty("status").GetString());
    }

    [Fact]
    public void A_probe_is_switched_off_and_on()
    {
        Assert.Equal("PROBE_STATE_DISABLED", Switch("tcp", enabled: false));
        using (Processes.RunningProcess refused = RunningProcess.Start(Repository.Workload, ["refused", "127.0.0.1", $"{FreePort.Take()}", "3"]))
        {
            Assert.Equal(0, refused.WaitForExit(TimeSpan.FromMinutes(2)));
            Thread.Sleep(1000);
            Assert.DoesNotContain(_receiver.Telemetry().Spans, span => span.ProcessId == refused.Id);
        }

        Assert.Equal("PROBE_STATE_RUNNING", Switch("tcp", enabled: true));
        CommandResult again = Command.Run(Repository.Workload, ["refused", "127.0.0.1", $"{FreePort.Take()}", "3"]).EnsureSuccess();
        _receiver.WaitUntil(() => _receiver.Telemetry().Spans.Count(span => span.ProcessId == again.ProcessId) == 3, "the spans of the probe that was switched on");
    }

    private string? Switch(string probe, bool enabled) =>
        _receiver.Call("SetProbeEnabled", $$"""{"name":"{{probe}}","enabled":{{(enabled ? "true" : "false")}}}""").GetProperty("probe").GetProperty("state").GetString();

    private static JsonElement Json(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
