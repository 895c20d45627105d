using EbpfReceiver.IntegrationTests.Peers;
using EbpfReceiver.IntegrationTests.Processes;
using EbpfReceiver.IntegrationTests.Telemetry;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Collectors;

/// <summary>A real collector takes what the receiver pushes.</summary>
public class PushTests
{
    [Theory]
    [InlineData("otlp", "gzip")]
    [InlineData("otlp", "none")]
    [InlineData("otlp_http", "gzip")]
    public void A_collector_takes_every_signal_and_rejects_nothing(string exporter, string compression)
    {
        using CollectorUnderTest collector = CollectorUnderTest.Start();
        int port = exporter == "otlp" ? collector.GrpcPort : collector.HttpPort;
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start($"{exporter}: {{ endpoint: \"http://127.0.0.1:{port}\", compression: {compression} }}");
        CommandResult execs = Command.Run(Repository.Workload, ["exec", "20", "3", "pushed"]).EnsureSuccess();
        CommandResult refused = Command.Run(Repository.Workload, ["refused", "127.0.0.1", $"{FreePort.Take()}", "5"]).EnsureSuccess();
        collector.WaitUntil(() => collector.Telemetry().Points.Any(point => point.Name == "process.context_switches"), "metrics at the collector");
        Assert.Equal(0, receiver.Stop().ExitCode);

        TelemetryFile ours = receiver.Telemetry(), theirs = collector.Telemetry();
        Assert.Equal(20, theirs.Logs.Count(log => log.EventName == "process.exec" && Equals(log.Find("process.parent_pid"), (long)execs.ProcessId)));
        Assert.Equal(5, theirs.Spans.Count(span => span.ProcessId == refused.ProcessId && span.Attributes.Text("error.type") == "ECONNREFUSED"));
        // The file has all that was made, so the collector has too: the same items, not only as many.
        Assert.Equal(ours.Spans.Select(span => span.SpanId).Order(), theirs.Spans.Select(span => span.SpanId).Order());
        Assert.Equal(ours.Logs.Count, theirs.Logs.Count);
        Assert.Equal(ours.Points.Count, theirs.Points.Count);
        foreach (string items in (string[])["spans", "metric_points", "log_records"])
        {
            Assert.Equal(0, collector.Counter("otelcol_receiver_refused_" + items));
            Assert.Equal(0, collector.Counter("otelcol_receiver_failed_" + items));
        }

        Assert.Equal(theirs.Points.Count, collector.Counter("otelcol_receiver_accepted_metric_points"));
    }

    [Fact]
    public void What_a_collector_has_taken_is_as_the_registry_says()
    {
        using CollectorUnderTest collector = CollectorUnderTest.Start();
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start($"otlp: {{ endpoint: \"http://127.0.0.1:{collector.GrpcPort}\" }}");
        Command.Run(Repository.Workload, ["exec", "5", "3", "registry"]).EnsureSuccess();
        Command.Run(Repository.Workload, ["kill", "2", "9", "registry"]).EnsureSuccess();
        Command.Run(Repository.Workload, ["refused", "127.0.0.1", $"{FreePort.Take()}", "2"]).EnsureSuccess();
        Command.Run(Repository.Workload, ["lookup", "localhost", "2", "found"]).EnsureSuccess();
        Command.Run(Repository.Workload, ["lookup", "missing.invalid", "2", "missing"]).EnsureSuccess();
        Pairs.Tls(3, 40000, 100);
        receiver.Stop();

        TelemetryRegistry registry = TelemetryRegistry.Read();
        TelemetryFile telemetry = collector.Telemetry();
        List<string> deviations = [];
        foreach (MetricPoint point in telemetry.Points.DistinctBy(point => point.Series))
            deviations.AddRange(registry.Check(point));
        foreach (SpanItem span in telemetry.Spans)
            deviations.AddRange(registry.Check(span));
        foreach (LogItem log in telemetry.Logs)
            deviations.AddRange(registry.Check(log));
        Assert.Empty(deviations.Distinct());
        // And all of it is there: each metric that this work makes, spans of each kind, both events.
        Assert.Superset(
            new HashSet<string>
            {
                "process.network.io", "system.network.tcp.connections", "dns.lookup.duration", "linux.tls.io", "linux.tls.handshake.duration",
                "linux.sched.run_queue.latency", "process.context_switches", "system.process.created", "ebpf_receiver.samples.produced",
            },
            telemetry.Points.Select(point => point.Name).ToHashSet());
        Assert.Superset(new HashSet<string> { "tcp connect", "tcp accept", "dns lookup" }, telemetry.Spans.Select(span => span.Name).ToHashSet());
        Assert.Superset(new HashSet<string> { "process.exec", "process.exit" }, telemetry.Logs.Select(log => log.EventName).ToHashSet());
    }
}
