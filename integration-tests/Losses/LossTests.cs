using System.Net;
using System.Net.Sockets;
using EbpfReceiver.IntegrationTests.Peers;
using EbpfReceiver.IntegrationTests.Processes;
using EbpfReceiver.IntegrationTests.Telemetry;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Losses;

/// <summary>Each kind of loss is forced; whatever was produced is delivered, or counted with its cause.</summary>
public class LossTests
{
    [Fact]
    public void A_stalled_reader_loses_samples_and_counts_each()
    {
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start(probes: "sample_buffer: { size_per_cpu: 8192 }");
        int port = FreePort.Take();
        receiver.Signal(PosixSignalNumber.Stop);
        CommandResult refused = Command.Run(Repository.Workload, ["refused", "127.0.0.1", $"{port}", "3000"]).EnsureSuccess();
        receiver.Signal(PosixSignalNumber.Continue);
        Account account = Settled(receiver);
        Assert.True(account.Produced("tcp_connection") >= 3000, $"{account.Produced("tcp_connection")} produced");
        Assert.True(account.Dropped("tcp_connection", "buffer_full") > 1000, $"{account.Dropped("tcp_connection", "buffer_full")} dropped");
        Assert.Equal(account.Produced(), account.Delivered() + account.Dropped());
        // What was not lost has come out, span by span.
        receiver.Stop();
        long spans = receiver.Telemetry().Spans.Count(span => span.ProcessId == refused.ProcessId && span.Attributes.Number("network.peer.port") == port);
        Assert.InRange(spans, 1, 3000 - 1000);
        Assert.InRange(account.Delivered("tcp_connection"), spans, long.MaxValue);
        // What is aggregated in the kernel does not pass through the buffer: nothing of it is lost.
        Assert.True(receiver.Telemetry().Sum("system.network.tcp.connections", point => point.Attributes.Text("error.type") == "ECONNREFUSED") >= 3000);
    }

    [Fact]
    public void A_tiny_buffer_under_load_keeps_its_account()
    {
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start(probes: "sample_buffer: { size_per_cpu: 4096 }");
        for (int i = 0; i < 4; i++)
            Command.Run(Repository.Workload, ["refused", "127.0.0.1", $"{FreePort.Take()}", "5000"]).EnsureSuccess();
        Account account = Settled(receiver);
        Assert.True(account.Produced("tcp_connection") >= 20000, $"{account.Produced("tcp_connection")} produced");
        Assert.Equal(account.Produced(), account.Delivered() + account.Dropped());
    }

    [Fact]
    public void A_full_map_is_counted_and_nothing_else_is_lost()
    {
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start(probes: "map_entries: { tcp_processes: 4, sched_processes: 4 }");
        (CommandResult server, CommandResult client) = Pairs.Tcp("127.0.0.1", 50, 1000, 500);
        Account account = Settled(receiver);
        receiver.Stop();
        TelemetryFile telemetry = receiver.Telemetry();
        // The series of their own may be missing; the bytes are in the one that takes what overflows.
        double sent = telemetry.Sum("process.network.io", point => point.Attributes.Text("network.io.direction") == "transmit"
            && (point.Attributes.ContainsKey("otel.metric.overflow") || point.Resource.Number("process.pid") is { } pid && (pid == client.ProcessId || pid == server.ProcessId)));
        Assert.True(sent >= 50 * 1500, $"{sent} bytes");
        Assert.Equal(50, telemetry.Spans.Count(span => span.Name == "tcp connect" && span.ProcessId == client.ProcessId));
        Assert.Equal(account.Produced(), account.Delivered() + account.Dropped());
    }

    [Fact]
    public void Connections_that_the_map_of_open_ones_can_not_hold_are_counted()
    {
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start(probes: "map_entries: { tcp_connections: 4 }");
        // Every one of them stays open until all are.
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start(128);
        List<TcpClient> clients = [];
        for (int i = 0; i < 50; i++)
        {
            TcpClient client = new();
            client.Connect((IPEndPoint)listener.LocalEndpoint);
            clients.Add(client);
        }

        clients.ForEach(client => client.Dispose());
        Account account = Settled(receiver);
        // 50 connections have 100 ends here, and four at most were remembered at any time.
        Assert.True(account.LostBefore("tcp_connection") >= 40, $"{account.LostBefore("tcp_connection")} lost before they were samples");
        Assert.Equal(account.Produced(), account.Delivered() + account.Dropped());
    }

    [Fact]
    public void A_dead_collector_costs_what_the_queue_can_not_hold_and_no_more()
    {
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start(
            $"otlp: {{ endpoint: \"http://127.0.0.1:{FreePort.Take()}\", timeout: 1s, sending_queue: {{ queue_size: 4 }} }}", interval: "200ms");
        Command.Run(Repository.Workload, ["refused", "127.0.0.1", $"{FreePort.Take()}", "2000"]).EnsureSuccess();
        receiver.WaitUntil(() => new Account(receiver.Call("GetStats")).Outlet("otlp", "dropped") > 0, "drops at the queue");
        // Both outlets are offered the same: what one took, lost and holds is what the other took.
        Account account = new(receiver.Call("GetStats"));
        for (int i = 0; i < 200 && Offered(account, "otlp") != Offered(account, "file"); i++)
            account = new Account(receiver.Call("GetStats"));
        Assert.Equal(Offered(account, "file"), Offered(account, "otlp"));
        Assert.Equal(0, account.Outlet("otlp", "sent"));
        Assert.Equal(0, account.Outlet("otlp", "refused") + account.Outlet("otlp", "failed"));
        // The queue is full, and a few more are under way.
        Assert.InRange(account.Outlet("otlp", "queueSize"), account.Outlet("otlp", "queueCapacity"), 4 * account.Outlet("otlp", "queueCapacity"));
        Assert.InRange(account.Outlet("otlp", "accepted"), account.Outlet("otlp", "queueSize"), long.MaxValue);
        AssertBalanced(receiver, "file");
        // The other outlets do not suffer.
        Assert.Equal(0, account.Outlet("file", "dropped"));
        Assert.Equal(0, account.Outlet("file", "failed"));
    }

    [Fact]
    public void A_stalled_collector_is_pushed_again_when_it_goes_on()
    {
        using CollectorUnderTest collector = CollectorUnderTest.Start();
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start($"otlp: {{ endpoint: \"http://127.0.0.1:{collector.GrpcPort}\", timeout: 2s, retry_on_failure: {{ initial_interval: 500ms }} }}");
        collector.Signal(PosixSignalNumber.Stop);
        CommandResult refused = Command.Run(Repository.Workload, ["refused", "127.0.0.1", $"{FreePort.Take()}", "100"]).EnsureSuccess();
        Thread.Sleep(4000);
        collector.Signal(PosixSignalNumber.Continue);
        // A request that timed out may have been taken all the same, so spans may come twice, but never none.
        collector.WaitUntil(() => collector.Telemetry().Spans.Where(span => span.ProcessId == refused.ProcessId).DistinctBy(span => span.SpanId).Count() == 100, "all spans");
        AssertBalanced(receiver, "otlp");
        Account account = new(receiver.Call("GetStats"));
        Assert.Equal(0, account.Outlet("otlp", "dropped"));
    }

    private static long Offered(Account account, string outlet) => account.Outlet(outlet, "accepted") + account.Outlet(outlet, "dropped");

    // Samples that wait in the rings are neither delivered nor dropped yet; the machine is never quite still.
    private static Account Settled(ReceiverUnderTest receiver)
    {
        Account account = new(receiver.Call("GetStats"));
        for (int i = 0; i < 400 && account.Produced() != account.Delivered() + account.Dropped(); i++)
        {
            Thread.Sleep(250);
            account = new Account(receiver.Call("GetStats"));
        }

        return account;
    }

    // Whatever an outlet took is sent, lost with its cause, or in the batches that wait. Numbers of one answer are read one after the other
    // while work goes on, so it is asked until they agree.
    private static void AssertBalanced(ReceiverUnderTest receiver, string outlet)
    {
        long accepted = 0, settled = 0, batches = -1;
        for (int i = 0; i < 400 && (batches != 0 || accepted != settled); i++)
        {
            Thread.Sleep(i == 0 ? 0 : 50);
            Account account = new(receiver.Call("GetStats"));
            accepted = account.Outlet(outlet, "accepted");
            settled = account.Outlet(outlet, "sent") + account.Outlet(outlet, "refused") + account.Outlet(outlet, "failed");
            batches = account.Outlet(outlet, "queueSize");
        }

        Assert.True(accepted > 0, $"{outlet} was given nothing");
        Assert.Equal(0, batches);
        Assert.Equal(accepted, settled);
    }
}
