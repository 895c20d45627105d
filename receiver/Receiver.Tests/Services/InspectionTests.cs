using EbpfReceiver.Proto.V1;
using Google.Protobuf;
using Grpc.Core;
using ProbeState = EbpfReceiver.Probes.ProbeState;

namespace EbpfReceiver.Tests.Services;

public class InspectionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Probes_are_listed_with_state_reasons_and_hooks_but_without_the_alternatives()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Probes.Set("tcp", ProbeState.Degraded);
        ListProbesResponse response = await Client(server).ListProbesAsync(new ListProbesRequest(), cancellationToken: Cancel);
        Assert.Equal(["dns", "tcp"], response.Probes.Select(p => p.Name));
        // What grpcurl prints.
        Assert.Equal(
            """
            { "name": "tcp", "description": "Observes tcp.", "state": "PROBE_STATE_DEGRADED", "reasons": [ { "hook": "retransmit", "reason": "The tracepoint is not there.", "remedy": "Use a newer kernel.", "minimumKernel": "4.15" } ], "hooks": [ { "name": "state", "required": true, "chosenAlternative": "raw_tp", "attachedTo": [ "inet_sock_set_state" ] } ], "loadedPrograms": [ { "name": "state__raw_tp", "section": "raw_tp/inet_sock_set_state", "kernelId": 42, "runs": "7", "runTime": "0.001500s", "missed": "3" } ], "origin": "built-in", "samplingRatio": 1 }
            """,
            JsonFormatter.Default.Format(response.Probes[1]));
    }

    [Fact]
    public async Task An_explanation_has_alternatives_programs_and_maps_with_their_cost()
    {
        await using TestServer server = await TestServer.StartAsync();
        ExplainProbeResponse response =
            await Client(server).ExplainProbeAsync(new ExplainProbeRequest { Name = "tcp" }, cancellationToken: Cancel);
        Assert.Equal(
            [("tp_btf", false, "EPERM"), ("raw_tp", true, "")],
            response.Probe.Hooks[0].Alternatives.Select(a => (a.Name, a.Chosen, a.Refusal)));
        Assert.Equal((321, 220), (response.Programs[0].Instructions, response.Programs[0].EstimatedNanosecondsPerHit));
        Assert.Equal(131072, response.MapMemoryBytes);
        Assert.Equal([false, true], response.Maps.Select(m => m.Shared));
        Assert.Equal(["tcp connect", "process.network.io"], response.Emits);
    }

    [Fact]
    public async Task Probes_are_added_and_removed_and_a_wrong_document_is_refused_with_line_and_column()
    {
        await using TestServer server = await TestServer.StartAsync();
        const string Yaml = "version: 1\nprobes:\n  - name: mine\n    on: [raw_tp:sched_switch]\n    emit: [ counter: { name: mine.count } ]\n";
        AddProbeResponse added = await Client(server).AddProbeAsync(new AddProbeRequest { Yaml = Yaml }, cancellationToken: Cancel);
        Assert.Equal(["mine"], added.Probes.Select(p => p.Name));
        await Client(server).RemoveProbeAsync(new RemoveProbeRequest { Name = "mine" }, cancellationToken: Cancel);
        RpcException gone = await Assert.ThrowsAsync<RpcException>(
            async () => await Client(server).RemoveProbeAsync(new RemoveProbeRequest { Name = "mine" }, cancellationToken: Cancel));
        Assert.Equal(StatusCode.NotFound, gone.StatusCode);
        RpcException wrong = await Assert.ThrowsAsync<RpcException>(
            async () => await Client(server).AddProbeAsync(new AddProbeRequest { Yaml = Yaml.Replace("emit", "emitt") }, cancellationToken: Cancel));
        Assert.Equal(StatusCode.InvalidArgument, wrong.StatusCode);
        Assert.Contains("grpc:5:5", wrong.Status.Detail);
        Assert.Contains("emit", wrong.Status.Detail);
        RpcException empty = await Assert.ThrowsAsync<RpcException>(
            async () => await Client(server).AddProbeAsync(new AddProbeRequest(), cancellationToken: Cancel));
        Assert.Equal(StatusCode.InvalidArgument, empty.StatusCode);
    }

    [Fact]
    public async Task A_probe_is_switched_off_and_on()
    {
        await using TestServer server = await TestServer.StartAsync();
        ReceiverService.ReceiverServiceClient client = Client(server);
        SetProbeEnabledResponse off =
            await client.SetProbeEnabledAsync(new SetProbeEnabledRequest { Name = "tcp" }, cancellationToken: Cancel);
        Assert.Equal(Proto.V1.ProbeState.Disabled, off.Probe.State);
        SetProbeEnabledResponse on =
            await client.SetProbeEnabledAsync(new SetProbeEnabledRequest { Name = "tcp", Enabled = true }, cancellationToken: Cancel);
        Assert.Equal(Proto.V1.ProbeState.Running, on.Probe.State);
    }

    [Fact]
    public async Task A_probe_that_is_not_there_is_not_found_and_no_name_is_an_invalid_argument()
    {
        await using TestServer server = await TestServer.StartAsync();
        ReceiverService.ReceiverServiceClient client = Client(server);
        RpcException unknown = await Assert.ThrowsAsync<RpcException>(
            () => client.ExplainProbeAsync(new ExplainProbeRequest { Name = "tpc" }, cancellationToken: Cancel).ResponseAsync);
        Assert.Equal((StatusCode.NotFound, "There is no probe 'tpc'. The probes are: dns, tcp."), (unknown.StatusCode, unknown.Status.Detail));
        RpcException nameless = await Assert.ThrowsAsync<RpcException>(
            () => client.SetProbeEnabledAsync(new SetProbeEnabledRequest(), cancellationToken: Cancel).ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, nameless.StatusCode);
    }

    [Fact]
    public async Task Statistics_are_those_of_the_receiver()
    {
        await using TestServer server = await TestServer.StartAsync();
        GetStatsResponse stats = await Client(server).GetStatsAsync(new GetStatsRequest(), cancellationToken: Cancel);
        Assert.Equal(
            [("ebpf_receiver.reader.wakeups", "{wakeup}", "", 12), ("process.cpu.time", "s", "cpu.mode=user", 1.25)],
            stats.Measurements.Select(m => (m.Metric, m.Unit, string.Join(",", m.Attributes.Select(a => $"{a.Key}={a.Value}")), m.Value)));
        Assert.Equal(StubStatistics.StartedAt, stats.StartedAt.ToDateTimeOffset());
        Assert.Equal(
            (DateTimeOffset.UtcNow - StubStatistics.StartedAt).TotalSeconds > 0, stats.Uptime.ToTimeSpan() > TimeSpan.Zero);
        stats.Uptime = null;
        stats.Measurements.Clear();
        Assert.Equal(
            """
            { "startedAt": "2026-11-22T10:00:00Z", "samples": [ { "kind": "tcp_connection", "produced": "10", "delivered": "7", "dropped": [ { "stage": "kernel", "cause": "buffer_full", "count": "3" } ], "lostBeforeSample": "2", "overflowed": "6" } ], "dropped": [ { "stage": "kernel", "cause": "buffer_full", "count": "3" } ], "itemsPublished": "17", "outlets": [ { "name": "otlp", "accepted": "17", "sent": "12", "refused": "1", "failed": "2", "dropped": "2", "queueSize": "3", "queueCapacity": "1000", "lastError": "The collector is not there." } ], "processesKnown": 99, "identityMisses": "4", "residentBytes": "30000000", "cpuTime": "1.500s" }
            """,
            JsonFormatter.Default.Format(stats));
    }

    [Fact]
    public void Every_field_of_the_inspection_service_has_a_comment()
    {
        string[] source = File.ReadAllLines(Path.Combine(Repository.Root, "proto/ebpfreceiver/v1/receiver.proto"));
        var uncommented = new List<string>();
        for (int i = 1; i < source.Length; i++)
        {
            string line = source[i].Trim();
            bool field = line.EndsWith(';') && line.Contains(" = ") && !line.StartsWith("option") && !line.StartsWith("syntax");
            bool zero = line.EndsWith("_UNSPECIFIED = 0;") || line.StartsWith("SIGNAL_");
            if (field && !zero && !source[i - 1].TrimStart().StartsWith("//")) uncommented.Add(line);
        }

        Assert.Empty(uncommented);
        Assert.Equal(8, ReceiverService.Descriptor.Methods.Count);
    }

    private static ReceiverService.ReceiverServiceClient Client(TestServer server) => new(server.Channel);
}
