using EbpfReceiver.IntegrationTests.Peers;
using EbpfReceiver.IntegrationTests.Processes;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Losses;

/// <summary>Ctrl-C and SIGTERM flush, detach and end the program, whatever the other side does.</summary>
public class StoppingTests
{
    /// <summary>
    /// It takes two seconds at most where there is CPU time for it; on a machine that is busy it is to be told from one that waits for a request
    /// (which has ten seconds) or for an interval.
    /// </summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(9);

    [Theory]
    [InlineData(nameof(PosixSignalNumber.Interrupt))]
    [InlineData(nameof(PosixSignalNumber.Terminate))]
    public void What_happened_just_before_is_flushed(string signal)
    {
        using CollectorUnderTest collector = CollectorUnderTest.Start();
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start($"otlp: {{ endpoint: \"http://127.0.0.1:{collector.GrpcPort}\" }}", interval: "60s");
        (CommandResult _, CommandResult client) = Pairs.Tcp("127.0.0.1", 200, 100, 100);
        (TimeSpan time, int exit) = receiver.Stop(Enum.Parse<PosixSignalNumber>(signal));
        Assert.Equal(0, exit);
        Assert.InRange(time, TimeSpan.Zero, s_limit);
        Assert.Equal(200, collector.Telemetry().Spans.Count(span => span.Name == "tcp connect" && span.ProcessId == client.ProcessId));
        Assert.Equal(200, receiver.Telemetry().Spans.Count(span => span.Name == "tcp connect" && span.ProcessId == client.ProcessId));
        // Aggregates are collected once more, although the interval is far from over.
        Assert.Equal(200 * 100, collector.Telemetry().Sum("process.network.io", point =>
            point.Resource.Number("process.pid") == client.ProcessId && point.Attributes.Text("network.io.direction") == "transmit"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_collector_that_does_not_answer_delays_nothing(bool stalled)
    {
        using CollectorUnderTest collector = CollectorUnderTest.Start();
        int port = stalled ? collector.GrpcPort : FreePort.Take();
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start($"otlp: {{ endpoint: \"http://127.0.0.1:{port}\" }}");
        collector.Signal(PosixSignalNumber.Stop);
        Command.Run(Repository.Workload, ["refused", "127.0.0.1", $"{FreePort.Take()}", "500"]).EnsureSuccess();
        Thread.Sleep(1500);
        (TimeSpan time, int exit) = receiver.Stop();
        collector.Signal(PosixSignalNumber.Continue);
        Assert.Equal(0, exit);
        Assert.InRange(time, TimeSpan.Zero, s_limit);
    }

    [Fact]
    public void It_stops_under_load()
    {
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start();
        using RunningProcess load = RunningProcess.Start(Repository.Workload, ["refused", "127.0.0.1", $"{FreePort.Take()}", "10000000"]);
        Thread.Sleep(2000);
        (TimeSpan time, int exit) = receiver.Stop(PosixSignalNumber.Interrupt);
        Assert.Equal(0, exit);
        Assert.InRange(time, TimeSpan.Zero, s_limit);
    }
}
