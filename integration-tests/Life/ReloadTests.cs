using EbpfReceiver.IntegrationTests.Peers;
using EbpfReceiver.IntegrationTests.Processes;
using EbpfReceiver.IntegrationTests.Telemetry;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Life;

/// <summary>SIGHUP reads the configuration again, and nothing is lost by it.</summary>
public class ReloadTests
{
    [Fact]
    public void An_exporter_is_turned_to_another_collector_under_load_and_every_span_arrives_at_one_of_them()
    {
        const int Connections = 20_000;
        const string Changed = "The configuration was read again; changed: exporters.otlp.endpoint";
        using CollectorUnderTest first = CollectorUnderTest.Start();
        using CollectorUnderTest second = CollectorUnderTest.Start();
        string To(CollectorUnderTest collector) => $"otlp: {{ endpoint: \"http://127.0.0.1:{collector.GrpcPort}\" }}";
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start(To(first), probes: "sample_buffer: { size_per_cpu: 8MiB }");
        using RunningProcess load = RunningProcess.Start(Repository.Workload, ["refused", "127.0.0.1", $"{FreePort.Take()}", $"{Connections}"]);
        receiver.WaitUntil(() => Spans(first.Telemetry(), load.Id) > 0, "spans at the first collector");
        for (int turn = 0; turn < 4; turn++)
        {
            int before = Count(receiver.Log, Changed);
            receiver.Reconfigure(To(turn % 2 == 0 ? second : first), probes: "sample_buffer: { size_per_cpu: 8MiB }");
            receiver.WaitUntil(() => Count(receiver.Log, Changed) > before, "read again");
        }

        int last = Count(receiver.Log, Changed);
        receiver.Reconfigure(To(second), probes: "sample_buffer: { size_per_cpu: 8MiB }");
        receiver.WaitUntil(() => Count(receiver.Log, Changed) > last, "read again at last");
        Assert.Equal(0, load.WaitForExit(TimeSpan.FromMinutes(5)));
        second.WaitUntil(() => Spans(first.Telemetry(), load.Id) + Spans(second.Telemetry(), load.Id) >= Connections, "all spans");
        Assert.Equal(Connections, Spans(first.Telemetry(), load.Id) + Spans(second.Telemetry(), load.Id));

        // On a fast machine all of the load may have been over before the first turn.
        CommandResult after = Command.Run(Repository.Workload, ["refused", "127.0.0.1", $"{FreePort.Take()}", "50"]).EnsureSuccess();
        second.WaitUntil(() => Spans(second.Telemetry(), after.ProcessId) == 50, "what comes after the last turn");

        // The file exporter was not touched, and the counters of the outlet that was exchanged say the same as those of the one that was
        // not.
        receiver.WaitUntil(() => Spans(receiver.Telemetry(), load.Id) == Connections, "all spans in the file");
        foreach (System.Text.Json.JsonElement outlet in receiver.Call("GetStats").GetProperty("outlets").EnumerateArray())
        {
            if (outlet.GetProperty("name").GetString() is "otlp" or "file")
                Assert.All((string[])["refused", "failed", "dropped"], loss => Assert.Equal((loss, "0"), (loss, outlet.GetProperty(loss).GetString())));
        }

        Assert.Equal(0, receiver.Stop().ExitCode);
    }

    [Fact]
    public void What_has_changed_is_changed_and_what_has_not_goes_on_counting()
    {
        string directory = Repository.NewScratch("probes"), file = Path.Combine(directory, "mine.yaml");
        File.WriteAllText(file, """
            probes:
              - name: mine
                attach: { tracepoint: "syscalls:sys_enter_getpid" }
                emit: [ { metric: { name: mine.calls, instrument: counter, value: 1 } } ]
            """);
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start(interval: "60s", probes: "exclude: [block]");
        Assert.Equal("PROBE_STATE_DISABLED", StateOf(receiver, "block"));
        string programs = Programs(receiver, "tcp");
        string tlsPrograms = Programs(receiver, "tls");

        receiver.Reconfigure(
            interval: "500ms", probes: $"exclude: [sched], files: [\"{file}\"], settings: {{ tls: {{ libraries: [/nowhere] }} }}",
            root: "resource: { attributes: { team: kernel } }\nlog: { level: debug }\nprocesses: { exclude: [ { name: unwanted } ] }");
        receiver.WaitUntil(() => receiver.Log.Contains("The configuration was read again; changed: ", StringComparison.Ordinal), "read again");
        Assert.Equal("PROBE_STATE_RUNNING", StateOf(receiver, "block"));
        Assert.Equal("PROBE_STATE_DISABLED", StateOf(receiver, "sched"));
        Assert.Equal("PROBE_STATE_RUNNING", StateOf(receiver, "tls"));
        Assert.NotEqual(tlsPrograms, Programs(receiver, "tls"));

        // The same programs in the kernel: not a moment was missed.
        Assert.Equal(programs, Programs(receiver, "tcp"));
        receiver.WaitUntil(
            () => receiver.Telemetry().Points.Any(p => p.Name == "process.network.io" && p.Resource.Text("team") == "kernel"), "the new attribute");
        Assert.Contains(receiver.Telemetry().Points, p => p.Name == "ebpf_receiver.probe.status" && p.Resource.Text("team") == "kernel");

        File.Copy(Repository.Workload, Path.Combine(directory, "unwanted"));
        CommandResult unwanted = Command.Run(Path.Combine(directory, "unwanted"), ["refused", "127.0.0.1", $"{FreePort.Take()}", "5"]);
        CommandResult wanted = Command.Run(Repository.Workload, ["refused", "127.0.0.1", $"{FreePort.Take()}", "5"]);
        receiver.WaitUntil(() => Spans(receiver.Telemetry(), wanted.ProcessId) == 5, "spans of the process that is wanted");
        Assert.Equal(0, Spans(receiver.Telemetry(), unwanted.ProcessId));
    }

    [Fact]
    public void A_configuration_that_is_wrong_changes_nothing_and_is_said_with_file_line_and_column()
    {
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start();
        string programs = Programs(receiver, "tcp");
        receiver.Reconfigure(interval: "soon", probes: "exclude: [tcp]");
        receiver.WaitUntil(() => receiver.Log.Contains("The configuration is refused, and the one before stays", StringComparison.Ordinal), "refused");
        Assert.Contains("config.yaml:3:22: metrics.interval: expected a duration", receiver.Log, StringComparison.Ordinal);
        Assert.Equal("PROBE_STATE_RUNNING", StateOf(receiver, "tcp"));

        receiver.Reconfigure(interval: "1s", receiver: ", watchdog: { stalled_after: 20s }", probes: "attach: tracepoint");
        receiver.WaitUntil(
            () => receiver.Log.Contains(
                "need a restart, and do not hold before: probes.attach, receiver.watchdog.stalled_after", StringComparison.Ordinal),
            "what needs a restart is said");
        Assert.Equal(programs, Programs(receiver, "tcp"));
        Assert.Equal(0, receiver.Stop().ExitCode);
    }

    private static int Spans(TelemetryFile telemetry, long process) => telemetry.Spans.Count(s => s.Name == "tcp connect" && s.ProcessId == process);

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static System.Text.Json.JsonElement Probe(ReceiverUnderTest receiver, string name) =>
        receiver.Call("ListProbes").GetProperty("probes").EnumerateArray().Single(p => p.GetProperty("name").GetString() == name);

    private static string? StateOf(ReceiverUnderTest receiver, string name) => Probe(receiver, name).GetProperty("state").GetString();

    private static string Programs(ReceiverUnderTest receiver, string name) => string.Join(
        ' ', Probe(receiver, name).GetProperty("loadedPrograms").EnumerateArray().Select(p => p.GetProperty("kernelId").ToString()));
}
