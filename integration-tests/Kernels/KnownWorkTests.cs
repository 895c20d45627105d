using System.Text.Json;
using EbpfReceiver.IntegrationTests.Telemetry;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Kernels;

/// <summary>Work whose numbers are known, on every kernel and through every kind of hook: the telemetry has the same numbers.</summary>
public class KnownWorkTests
{
    public static TheoryData<string, string> Ways { get; } = [.. KnownWorkRun.All];

    [Theory, MemberData(nameof(Ways))]
    public void A_connection_is_a_span_on_both_sides_with_its_bytes(string kernel, string attach)
    {
        KnownWorkRun run = KnownWorkRun.Of(kernel, attach);
        foreach ((string name, int port, int connections, string type) in (ReadOnlySpan<(string, int, int, string)>)[("tcp4", 24310, 1000, "ipv4"), ("tcp6", 24311, 50, "ipv6")])
        {
            SpanItem[] client = [.. Spans(run, "tcp connect", name + "-client").Where(span => span.Attributes.Number("network.peer.port") == port)];
            SpanItem[] server = [.. Spans(run, "tcp accept", name + "-server").Where(span => span.Attributes.Number("network.local.port") == port)];
            AssertSeen(connections, client.Length, run, "tcp");
            AssertSeen(connections, server.Length, run, "tcp");
            Assert.All(client, span => Assert.Equal(SpanItem.Client, span.Kind));
            Assert.All(server, span => Assert.Equal(SpanItem.Server, span.Kind));
            Assert.All(Values(client, "linux.tcp.bytes_sent"), bytes => Assert.Equal(run.Number(name + "-client", "sent") / connections, bytes));
            Assert.All(Values(client, "linux.tcp.bytes_received"), bytes => Assert.Equal(run.Number(name + "-client", "received") / connections, bytes));
            Assert.All(Values(server, "linux.tcp.bytes_sent"), bytes => Assert.Equal(run.Number(name + "-server", "sent") / connections, bytes));
            Assert.All(Values(server, "linux.tcp.bytes_received"), bytes => Assert.Equal(run.Number(name + "-server", "received") / connections, bytes));
            Assert.All(client.Concat(server), span =>
            {
                Assert.Equal("tcp", span.Attributes.Text("network.transport"));
                Assert.Equal(type, span.Attributes.Text("network.type"));
                Assert.Equal(port, span.Attributes.Number("server.port"));
                Assert.NotEqual(SpanItem.Error, span.StatusCode);
                Assert.Matches("^[0-9a-f]{32}$", span.TraceId);
                Assert.True(span.End >= span.Start);
            });
            // Each connection once, and the server's peers are the client's ports; a kernel may use a port again within the run.
            Assert.Equal(client.Length + server.Length, client.Concat(server).Select(span => span.SpanId).Distinct().Count());
            if (client.Length == connections && server.Length == connections)
            {
                Assert.Equal(
                    client.Select(span => span.Attributes.Number("network.local.port")).Order(),
                    server.Select(span => span.Attributes.Number("network.peer.port")).Order());
            }
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public void Bytes_of_a_process_are_what_it_sent_and_received(string kernel, string attach)
    {
        KnownWorkRun run = KnownWorkRun.Of(kernel, attach);
        foreach ((string side, int connections) in (ReadOnlySpan<(string, int)>)[("tcp4-client", 1000), ("tcp4-server", 1000), ("tcp6-client", 50), ("tcp6-server", 50)])
        {
            long pid = run.Number(side, "pid");
            AssertSeen(run.Number(side, "sent"), Sum(run, "process.network.io", pid, "transmit"), run, "tcp", run.Number(side, "sent") / connections);
            AssertSeen(run.Number(side, "received"), Sum(run, "process.network.io", pid, "receive"), run, "tcp", run.Number(side, "received") / connections);
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_failed_connect_carries_its_cause(string kernel, string attach)
    {
        KnownWorkRun run = KnownWorkRun.Of(kernel, attach);
        SpanItem[] refused = [.. Spans(run, "tcp connect", "refused")];
        Assert.Equal(5, refused.Length);
        Assert.All(refused, span => Assert.Equal(("ECONNREFUSED", SpanItem.Error), (span.Attributes.Text("error.type"), span.StatusCode)));
        SpanItem timedOut = Assert.Single(Spans(run, "tcp connect", "timeout"), span => span.Attributes.Text("error.type") == "ETIMEDOUT");
        Assert.Equal(SpanItem.Error, timedOut.StatusCode);
        // One SYN and one repetition, after one and two seconds.
        Assert.InRange((timedOut.End - timedOut.Start).TotalSeconds, 2.5, 60);
    }

    [Theory, MemberData(nameof(Ways))]
    public void Every_execution_and_every_exit_is_an_event(string kernel, string attach)
    {
        KnownWorkRun run = KnownWorkRun.Of(kernel, attach);
        LogItem[] execs = [.. run.Telemetry.Logs.Where(log => log.EventName == "process.exec" && HasArgument(log, $"known-{attach}") && HasArgument(log, "7") && HasArgument(log, "exit"))];
        execs = [.. execs.Where(log => !HasArgument(log, "exec"))];
        Assert.Equal(200, execs.Length);
        HashSet<long> pids = [.. execs.Select(log => log.ProcessId)];
        Assert.Equal(200, pids.Count);
        long parent = run.Number("exec", "pid");
        Assert.All(execs, log => Assert.Equal(parent, log.Find("process.parent_pid")));
        LogItem[] exits = [.. run.Telemetry.Logs.Where(log => log.EventName == "process.exit" && pids.Contains(log.ProcessId) && Equals(log.Find("process.exit.code"), 7L))];
        Assert.Equal(200, exits.Length);
        Assert.Equal(pids, exits.Select(log => log.ProcessId).ToHashSet());
    }

    [Theory, MemberData(nameof(Ways))]
    public void An_exit_by_a_signal_names_it(string kernel, string attach)
    {
        KnownWorkRun run = KnownWorkRun.Of(kernel, attach);
        HashSet<long> pids = [.. run.Telemetry.Logs
            .Where(log => log.EventName == "process.exec" && HasArgument(log, $"killed-{attach}") && HasArgument(log, "die")).Select(log => log.ProcessId)];
        Assert.Equal(5, pids.Count);
        LogItem[] exits = [.. run.Telemetry.Logs.Where(log => log.EventName == "process.exit" && pids.Contains(log.ProcessId))];
        Assert.Equal(5, exits.Length);
        Assert.All(exits, log => Assert.Equal("SIGTERM", log.Find("linux.process.exit.signal")));
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_lookup_is_a_span_with_its_name_and_its_error(string kernel, string attach)
    {
        KnownWorkRun run = KnownWorkRun.Of(kernel, attach);
        string found = kernel == KnownWorkRun.ThisMachine ? "localhost" : "known.test";
        AssertLookups(run, "lookup-found", found, 20, failed: false);
        AssertLookups(run, "lookup-missing", "missing.invalid", 10, failed: true);
        AssertLookups(run, "lookup-old", found, 10, failed: false);
    }

    [Theory, MemberData(nameof(Ways))]
    public void Tls_bytes_and_handshakes_are_counted_by_process(string kernel, string attach)
    {
        KnownWorkRun run = KnownWorkRun.Of(kernel, attach);
        foreach (string side in (string[])["tls-client", "tls-server"])
        {
            long pid = run.Number(side, "pid");
            Assert.Equal(run.Number(side, "written"), Sum(run, "linux.tls.io", pid, "transmit"));
            Assert.Equal(run.Number(side, "read"), Sum(run, "linux.tls.io", pid, "receive"));
            Assert.Equal(run.Number(side, "handshakes"), Sum(run, "linux.tls.handshake.duration", pid));
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public void Block_requests_are_counted_by_device_and_direction(string kernel, string attach)
    {
        KnownWorkRun run = KnownWorkRun.Of(kernel, attach);
        foreach ((string file, string direction) in (ReadOnlySpan<(string, string)>)[("block-read", "read"), ("block-write", "write")])
        {
            bool Matches(MetricPoint point) => point.Attributes.Text("system.device") == run.Device
                && point.Attributes.Text("disk.io.direction") == direction;
            Assert.Equal(run.Number(file, "requests"), run.Telemetry.Sum("system.disk.operations", Matches));
            Assert.Equal(run.Number(file, "bytes"), run.Telemetry.Sum("system.disk.io", Matches));
            Assert.Equal(run.Number(file, "requests"), run.Telemetry.Sum("linux.block.request.duration", Matches));
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public void Context_switches_are_those_that_the_kernel_accounts(string kernel, string attach)
    {
        KnownWorkRun run = KnownWorkRun.Of(kernel, attach);
        long pid = run.Number("pingpong", "pid");
        // Of the shell's child that became the program a collection may have told, too; the program's series goes on from there.
        double switches = SumOfLastName(run, "process.context_switches", pid);
        long accounted = run.Number("pingpong", "voluntary") + run.Number("pingpong", "involuntary");
        // getrusage(2) was asked before the process ended: some more come after it, the more the slower the machine is.
        Assert.InRange(switches, accounted, accounted + 50);
        Assert.InRange(SumOfLastName(run, "linux.sched.run_queue.latency", pid), accounted - 10, accounted + 60);
    }

    [Theory, MemberData(nameof(Ways))]
    public void What_was_produced_was_delivered_or_dropped(string kernel, string attach)
    {
        TelemetryFile telemetry = KnownWorkRun.Of(kernel, attach).Telemetry;
        double produced = telemetry.Sum("ebpf_receiver.samples.produced");
        // 1,050 connections on two sides, and 200 processes that are forked, exec and exit.
        Assert.True(produced >= 2700, $"only {produced} samples were produced");
        Assert.Equal(produced, telemetry.Sum("ebpf_receiver.samples.delivered") + telemetry.Sum("ebpf_receiver.samples.dropped"));
        // The receiver's own connections are excluded on purpose, and an exit that two threads of a process announced is told once;
        // nothing else may be missing.
        Assert.Equal(0, telemetry.Sum("ebpf_receiver.samples.dropped", point => point.Attributes.Text("ebpf_receiver.drop.cause") is not ("excluded" or "duplicate")));
        Assert.Equal(0, telemetry.Sum("ebpf_receiver.samples.dropped", point => point.Attributes.Text("ebpf_receiver.drop.cause") == "duplicate"
            && point.Attributes.Text("ebpf_receiver.sample.kind") != "process_exit"));
    }

    [Theory, MemberData(nameof(Ways))]
    public void It_stops_promptly_and_leaves_nothing_in_the_kernel(string kernel, string attach)
    {
        KnownWorkRun run = KnownWorkRun.Of(kernel, attach);
        Assert.Equal("0", run.Text("receiver.exit").Trim());
        // Two seconds where there is CPU time for it, and more on a busy machine, the more so on one that it emulates.
        Assert.InRange(run.StoppingTime.TotalSeconds, 0, kernel == KnownWorkRun.ThisMachine ? 9 : 30);
        if (kernel == KnownWorkRun.ThisMachine)
        {
            HashSet<long> programs = Ids(run.Text("programs-running")), maps = Ids(run.Text("maps-running"));
            Assert.True(programs.Count > 10, $"{programs.Count} programs");
            Assert.NotEmpty(maps);
            Assert.Empty(programs.Intersect(Listed(run.Text("programs-after"))));
            Assert.Empty(maps.Intersect(Listed(run.Text("maps-after"))));
        }
        else
        {
            // Nobody else uses BPF in a guest.
            Assert.Empty(Listed(run.Text("programs-after")));
            Assert.Empty(Listed(run.Text("maps-after")));
            Assert.Equal("", run.Text("probe-events-after").Trim());
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public void The_metrics_page_passes_the_linter(string kernel, string attach)
    {
        string page = KnownWorkRun.Of(kernel, attach).PathOf("metrics");
        Processes.CommandResult linted = Processes.Command.Run("promtool", ["check", "metrics"], input: File.ReadAllText(page));
        Assert.True(linted.ExitCode == 0, linted.Error + linted.Output);
        Assert.Contains("process_network_io", File.ReadAllText(page), StringComparison.Ordinal);
    }

    private static void AssertLookups(KnownWorkRun run, string file, string name, int count, bool failed)
    {
        long pid = run.Number(file, "pid");
        SpanItem[] spans = [.. Spans(run, "dns lookup", file)];
        Assert.Equal(count, spans.Length);
        Assert.All(spans, span =>
        {
            Assert.Equal(name, span.Attributes.Text("dns.question.name"));
            Assert.Equal(failed, span.Attributes.ContainsKey("error.type"));
            Assert.Equal(failed, span.StatusCode == SpanItem.Error);
        });
        Assert.Equal(count, Sum(run, "dns.lookup.duration", pid));
    }

    private static IEnumerable<SpanItem> Spans(KnownWorkRun run, string name, string file)
    {
        long pid = run.Number(file, "pid");
        return run.Telemetry.Spans.Where(span => span.Name == name && span.ProcessId == pid);
    }

    // The sum over the series of a process; "transmit" and "receive" are values of network.io.direction. What a program did is never under
    // the name of what the process was before.
    private static double Sum(KnownWorkRun run, string metric, long pid, string? direction = null) =>
        Series(run, metric, pid).Where(point => direction is null || point.Attributes.Text("network.io.direction") == direction).Sum(point => point.Value);

    private static double SumOfLastName(KnownWorkRun run, string metric, long pid)
    {
        MetricPoint[] points = [.. Series(run, metric, pid)];
        string? name = points.MaxBy(point => point.Time)?.Resource.Text("process.executable.name");
        return points.Where(point => point.Resource.Text("process.executable.name") == name).Sum(point => point.Value);
    }

    private static IEnumerable<MetricPoint> Series(KnownWorkRun run, string metric, long pid) =>
        run.Telemetry.Latest(metric).Where(point => point.Resource.Number("process.pid") == pid);

    private static bool HasArgument(LogItem log, string argument) =>
        log.Find("process.command_args") is IEnumerable<object?> arguments && arguments.Contains(argument);

    // All of it; but each hit that the kernel says it did not give to the probe may have been that of one connection.
    private static void AssertSeen(double expected, double seen, KnownWorkRun run, string probe, double each = 1)
    {
        double missed = run.Telemetry.Sum("ebpf_receiver.probe.missed", point => point.Attributes.Text("ebpf_receiver.probe.name") == probe);
        Assert.InRange(seen, expected - (missed * each), expected);
    }

    private static IEnumerable<long> Values(SpanItem[] spans, string key) => spans.Select(span => span.Attributes.Number(key) ?? -1);

    private static HashSet<long> Ids(string lines) => [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => long.Parse(line, null))];

    // The ids in a list of bpftool's.
    private static HashSet<long> Listed(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(item => item.GetProperty("id").GetInt64())];
    }
}
