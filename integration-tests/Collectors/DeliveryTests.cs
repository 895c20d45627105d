using System.Globalization;
using EbpfReceiver.IntegrationTests.Peers;
using EbpfReceiver.IntegrationTests.Processes;
using EbpfReceiver.Otlp;
using EbpfReceiver.Otlp.Tests;
using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Trace.V1;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Collectors;

/// <summary>Outlets against a real collector (grpc-go, net/http), which is stopped, killed, and told to take little at a time.</summary>
public sealed class DeliveryTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_collector_takes_every_compression(bool isGrpc)
    {
        using CollectorUnderTest collector = CollectorUnderTest.Start();
        long sent = 0;
        foreach (OtlpCompression compression in Enum.GetValues<OtlpCompression>())
        {
            IOutlet outlet = await StartAsync(collector, isGrpc, options => options with { Compression = compression });
            for (int i = 0; i < 20; i++)
                Offer(outlet, 100, i);
            await StopAsync(outlet);
            Assert.Equal((compression, 2000L), (compression, outlet.Statistics.Delivered(Signal.Traces)));
            sent += 2000;
        }
        Assert.Equal(sent, collector.Counter("otelcol_receiver_accepted_spans"));
        Assert.Equal(sent, collector.Telemetry().Spans.Count);
    }

    [Theory]
    [InlineData(true, "max_recv_msg_size_mib: 1", "")]
    [InlineData(false, "", "max_request_body_size: 1048576")]
    public async Task What_a_collector_calls_too_large_is_sent_in_halves(bool isGrpc, string grpcSettings, string httpSettings)
    {
        using CollectorUnderTest collector = CollectorUnderTest.Start(null, grpcSettings, httpSettings);
        IOutlet outlet = await StartAsync(collector, isGrpc, options => options with { Compression = OtlpCompression.None });
        var fanout = new Fanout([outlet]);
        fanout.Publish(Request([.. Enumerable.Repeat(("part", 100_000), 30)]));
        // Each alone is small enough, but for the one in the middle.
        fanout.Publish(Request(("small", 10), ("large", 700_000), ("small", 10)));
        fanout.Publish(Request(("large", 900_000), ("too large", 1_200_000), ("small", 10)));
        await StopAsync(outlet);

        OutletStatistics statistics = outlet.Statistics;
        Assert.Equal((35L, 1L), (statistics.Delivered(Signal.Traces), statistics.Dropped(Signal.Traces, DropCause.TooLarge)));
        Assert.Equal(36, statistics.Offered(Signal.Traces));
        Assert.Equal(
            ["large", "large", .. Enumerable.Repeat("part", 30), "small", "small", "small"],
            collector.Telemetry().Spans.Select(span => span.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_collector_that_stands_still_and_one_that_is_killed_get_everything_in_the_end(bool isGrpc)
    {
        using CollectorUnderTest collector = CollectorUnderTest.Start();
        IOutlet outlet = await StartAsync(collector, isGrpc, options => options with { Timeout = TimeSpan.FromSeconds(2) });
        OutletStatistics statistics = outlet.Statistics;
        Offer(outlet, 1, 0);
        collector.WaitUntil(() => statistics.Delivered(Signal.Traces) == 1, "the first span");

        collector.Signal(PosixSignalNumber.Stop);
        for (int i = 1; i < 20; i++)
            Offer(outlet, 1, i);
        collector.WaitUntil(() => statistics.Retries >= 4, "retries while it stood still");
        Assert.Equal((1L, 19L), (statistics.Delivered(Signal.Traces), statistics.Pending(Signal.Traces)));
        collector.Signal(PosixSignalNumber.Continue);
        collector.WaitUntil(() => statistics.Delivered(Signal.Traces) == 20, "what was sent while it stood still");

        collector.Signal(PosixSignalNumber.Stop);
        for (int i = 20; i < 40; i++)
            Offer(outlet, 1, i);
        collector.WaitUntil(() => statistics.Requests > 20, "requests to the one that is killed");
        string[] before = [.. collector.Telemetry().Spans.Select(span => span.Name)];
        collector.Restart();
        collector.WaitUntil(() => statistics.Delivered(Signal.Traces) == 40, "what was sent to the one that was killed");
        await StopAsync(outlet);

        Assert.Equal((40L, 0L), (statistics.Offered(Signal.Traces), statistics.Dropped(Signal.Traces)));
        IEnumerable<string> arrived = before.Concat(collector.Telemetry().Spans.Select(span => span.Name)).Distinct();
        Assert.Equal(Enumerable.Range(0, 40), arrived.Select(name => int.Parse(name, CultureInfo.InvariantCulture)).Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_network_that_loses_every_packet_for_a_while_loses_no_span(bool isGrpc)
    {
        using RemoteNetwork network = RemoteNetwork.Create();
        using CollectorUnderTest collector = CollectorUnderTest.Start(network: network);
        IOutlet outlet = await StartAsync(collector, isGrpc, options => options with { Timeout = TimeSpan.FromSeconds(1) });
        OutletStatistics statistics = outlet.Statistics;
        Offer(outlet, 1, 0);
        collector.WaitUntil(() => statistics.Delivered(Signal.Traces) == 1, "the first span");

        // The connection is half open: requests arrive, and their answers do not.
        network.LoseAnswers();
        for (int i = 1; i < 20; i++)
            Offer(outlet, 1, i);
        collector.WaitUntil(() => statistics.Retries >= 4, "retries without an answer");
        Assert.Equal((1L, 19L), (statistics.Delivered(Signal.Traces), statistics.Pending(Signal.Traces)));
        network.ReturnAnswers();
        collector.WaitUntil(() => statistics.Delivered(Signal.Traces) == 20, "what was sent while no answer came", 120);

        // Nothing goes either way, and nobody says so.
        long retries = statistics.Retries;
        network.Cut();
        for (int i = 20; i < 40; i++)
            Offer(outlet, 1, i);
        collector.WaitUntil(() => statistics.Retries >= retries + 4, "retries into nowhere");
        Assert.Equal((20L, 20L), (statistics.Delivered(Signal.Traces), statistics.Pending(Signal.Traces)));
        network.Mend();
        collector.WaitUntil(() => statistics.Delivered(Signal.Traces) == 40, "what was sent into nowhere", 120);
        await StopAsync(outlet);

        Assert.Equal((40L, 0L), (statistics.Offered(Signal.Traces), statistics.Dropped(Signal.Traces)));
        // What arrived without an answer comes again.
        IEnumerable<int> arrived = collector.Telemetry().Spans.Select(span => int.Parse(span.Name, CultureInfo.InvariantCulture)).Distinct();
        Assert.Equal(Enumerable.Range(0, 40), arrived.Order());
    }

    /// <summary>grpc-go tells clients to go away (GOAWAY, NO_ERROR) when a connection has its age, and closes it when requests are done.</summary>
    [Fact]
    public async Task A_collector_that_lets_no_connection_grow_old_gets_everything_once()
    {
        using CollectorUnderTest collector = CollectorUnderTest.Start(
            grpcSettings: "keepalive: { server_parameters: { max_connection_age: 200ms, max_connection_age_grace: 10s } }");
        IOutlet outlet = await StartAsync(collector, isGrpc: true, options => options);
        for (int i = 0; i < 400; i++)
        {
            Offer(outlet, 1, i);
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
        await StopAsync(outlet);
        OutletStatistics statistics = outlet.Statistics;
        Assert.Equal((400L, 400L, 0L), (statistics.Offered(Signal.Traces), statistics.Delivered(Signal.Traces), statistics.Dropped(Signal.Traces)));
        IEnumerable<int> arrived = collector.Telemetry().Spans.Select(span => int.Parse(span.Name, CultureInfo.InvariantCulture));
        Assert.Equal(Enumerable.Range(0, 400), arrived.Order());
    }

    private static async Task<IOutlet> StartAsync(
        CollectorUnderTest collector, bool isGrpc, Func<OtlpOutletOptions, OtlpOutletOptions> change)
    {
        OtlpOutletOptions options = change(new OtlpOutletOptions
        {
            Endpoint = new Uri($"http://{collector.Host}:{(isGrpc ? collector.GrpcPort : collector.HttpPort)}"),
            Retry = new OtlpRetryOptions { InitialInterval = TimeSpan.FromMilliseconds(50), MaxInterval = TimeSpan.FromMilliseconds(500) },
        });
        IOutlet outlet = isGrpc ? new OtlpGrpcOutlet(options) : new OtlpHttpOutlet(options);
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        return outlet;
    }

    private static Batch Request(params (string Name, int Padding)[] spans)
    {
        var scope = new ScopeSpans();
        foreach ((string name, int padding) in spans)
        {
            scope.Spans.Add(new Span
            {
                Name = name,
                TraceId = ByteString.CopyFromUtf8("0123456789abcdef"),
                SpanId = ByteString.CopyFromUtf8("01234567"),
                Attributes = { new KeyValue { Key = "padding", Value = new AnyValue { StringValue = new string('p', padding) } } },
            });
        }
        var request = new ExportTraceServiceRequest { ResourceSpans = { new ResourceSpans { ScopeSpans = { scope } } } };
        return Batch.Copy(Signal.Traces, spans.Length, request.ToByteArray());
    }

    private static void Offer(IOutlet outlet, int items, int name) =>
        new Fanout([outlet]).Publish(SampleBatches.Spans(items, name.ToString(CultureInfo.InvariantCulture)));

    private static async Task StopAsync(IOutlet outlet)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await outlet.StopAsync(deadline.Token);
        (outlet as IDisposable)?.Dispose();
    }
}
