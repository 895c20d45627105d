using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace EbpfReceiver.Otlp.Tests.Faults;

/// <summary>
/// Whatever happens to the other side, offered = delivered + dropped + pending, and what may be sent again arrives once it is well. Names of
/// spans tell which of them arrived.
/// </summary>
public sealed class DeliveryFaultTests
{
    private static readonly OtlpRetryOptions s_fast = new()
    {
        InitialInterval = TimeSpan.FromMilliseconds(10),
        MaxInterval = TimeSpan.FromMilliseconds(50),
        MaxElapsedTime = TimeSpan.FromMinutes(3),
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refused_connections_are_tried_again_until_the_collector_listens(bool isGrpc)
    {
        await using var collector = new BareCollector(isGrpc);
        using Outlet outlet = await Outlet.StartAsync(isGrpc, collector.Port);
        outlet.Offer(5);
        await UntilAsync(() => outlet.Statistics.Retries >= 10);
        Assert.Equal((0L, 5L), (outlet.Statistics.Delivered(Signal.Traces), outlet.Statistics.Pending(Signal.Traces)));
        await collector.StartAsync();
        await outlet.AssertAllArriveAsync(collector);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_is_reset_in_the_middle_of_a_request_loses_nothing(bool isGrpc)
    {
        await using var collector = await new BareCollector(isGrpc).StartAsync();
        await using var network = new FaultyNetwork(collector.Port) { ResetAfter = 40_000 };
        using Outlet outlet = await Outlet.StartAsync(isGrpc, network.Port);
        outlet.Offer(3, padding: 100_000);
        await UntilAsync(() => outlet.Statistics.Retries >= 6);
        Assert.Empty(collector.Taken);
        network.ResetAfter = long.MaxValue;
        await outlet.AssertAllArriveAsync(collector);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_collector_that_accepts_and_never_answers_holds_a_batch_up_no_longer_than_the_timeout(bool isGrpc)
    {
        await using var collector = await new BareCollector(isGrpc).StartAsync();
        await using var network = new FaultyNetwork(collector.Port) { Hangs = true };
        using Outlet outlet = await Outlet.StartAsync(isGrpc, network.Port, timeout: 500);
        outlet.Offer(3);
        await UntilAsync(() => outlet.Statistics.Retries >= 3);
        Assert.Contains("no answer within 0.5 s", outlet.Statistics.LastError, StringComparison.Ordinal);
        network.Hangs = false;
        await outlet.AssertAllArriveAsync(collector);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_peer_that_vanishes_from_an_open_connection_is_reached_by_another_one(bool isGrpc)
    {
        await using var collector = await new BareCollector(isGrpc).StartAsync();
        await using var network = new FaultyNetwork(collector.Port);
        using Outlet outlet = await Outlet.StartAsync(isGrpc, network.Port, timeout: 1000);
        outlet.Offer(1);
        await UntilAsync(() => outlet.Statistics.Delivered(Signal.Traces) == 1);
        int before = network.Accepted;
        network.LosePeer();
        outlet.Offer(4);
        await outlet.AssertAllArriveAsync(collector);
        Assert.True(network.Accepted > before);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_slow_network_is_no_failure(bool isGrpc)
    {
        await using var collector = await new BareCollector(isGrpc).StartAsync();
        await using var network = new FaultyNetwork(collector.Port) { Slowness = 8 * 1024 };
        using Outlet outlet = await Outlet.StartAsync(isGrpc, network.Port);
        outlet.Offer(2, padding: 200_000);
        await outlet.AssertAllArriveAsync(collector);
        Assert.Equal(0, outlet.Statistics.Retries);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_collector_that_is_restarted_again_and_again_under_load_gets_everything(bool isGrpc)
    {
        await using var collector = await new BareCollector(isGrpc).StartAsync();
        using Outlet outlet = await Outlet.StartAsync(isGrpc, collector.Port);
        for (int restart = 0; restart < 3; restart++)
        {
            int taken = collector.Taken.Count;
            outlet.Offer(40);
            await UntilAsync(() => collector.Taken.Count > taken + 10);
            outlet.Offer(40);
            await collector.StopAsync();
            outlet.Offer(10);
            await collector.StartAsync();
        }
        await outlet.AssertAllArriveAsync(collector);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task As_many_requests_are_under_way_as_there_are_consumers_on_connections_that_are_kept(bool isGrpc)
    {
        const int consumers = 3;
        int underWay = 0, most = 0;
        var together = new TaskCompletionSource();
        await using var collector = await new BareCollector(isGrpc).StartAsync();
        collector.OnRequest = async _ =>
        {
            int now = Interlocked.Increment(ref underWay);
            InterlockedMax(ref most, now);
            if (now == consumers)
                together.TrySetResult();
            // None is answered before all of them are there.
            await together.Task;
            Interlocked.Decrement(ref underWay);
            return false;
        };
        await using var network = new FaultyNetwork(collector.Port);
        using Outlet outlet = await Outlet.StartAsync(isGrpc, network.Port, consumers: consumers);
        outlet.Offer(60);
        await outlet.AssertAllArriveAsync(collector);
        Assert.Equal(consumers, most);
        // A client of HTTP/1.1 may open one in vain when another becomes free at that moment.
        Assert.InRange(network.Accepted, 1, isGrpc ? 1 : 2 * consumers);

        static void InterlockedMax(ref int to, int value)
        {
            int seen = Volatile.Read(ref to);
            while (value > seen && Interlocked.CompareExchange(ref to, value, seen) is var was && was != seen)
                seen = was;
        }
    }

    /// <summary>NO_ERROR, as of a server that is taken out of service, and ENHANCE_YOUR_CALM, as of one that has enough of us.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    public async Task A_server_that_says_go_away_is_asked_again_on_another_connection_until_it_takes_everything(byte code)
    {
        await using var collector = await new BareCollector(isGrpc: true).StartAsync();
        await using var network = new FaultyNetwork(collector.Port) { GoAway = code };
        using Outlet outlet = await Outlet.StartAsync(isGrpc: true, network.Port);
        outlet.Offer(5);
        await UntilAsync(() => network.Accepted >= 5);
        Assert.Empty(collector.Taken);
        Assert.Equal((0L, 5L), (outlet.Statistics.Delivered(Signal.Traces), outlet.Statistics.Pending(Signal.Traces)));
        network.GoAway = null;
        await outlet.AssertAllArriveAsync(collector);
    }

    /// <summary>
    /// grpc-go closes a connection that sends more than two pings within five minutes (keepalive.EnforcementPolicy, MinTime). Its own client
    /// sends none by default; .NET's measures round trips with them.
    /// </summary>
    [Fact]
    public async Task No_ping_is_ever_sent()
    {
        const int preface = 24, header = 9, ping = 6, data = 0;
        await using var collector = await new BareCollector(isGrpc: true).StartAsync();
        var sent = new MemoryStream();
        await using var network = new FaultyNetwork(collector.Port) { OnRequestBytes = bytes => sent.Write(bytes.Span) };
        using Outlet outlet = await Outlet.StartAsync(isGrpc: true, network.Port);
        for (int i = 0; i < 30; i++)
        {
            outlet.Offer(1, padding: 20_000);
            await UntilAsync(() => outlet.Statistics.Queued == 0);
        }
        await outlet.AssertAllArriveAsync(collector);
        Assert.Equal(1, network.Accepted);

        byte[] frames = sent.ToArray();
        var seen = new int[256];
        for (int at = preface; at + header <= frames.Length;)
        {
            int length = frames[at] << 16 | frames[at + 1] << 8 | frames[at + 2];
            seen[frames[at + 3]]++;
            at += header + length;
        }
        Assert.True(seen[data] >= 60, $"{seen[data]} frames of data");
        Assert.Equal(0, seen[ping]);
    }

    /// <summary>gRPC codes 1 to 16 and the HTTP codes that OTLP names; those that may pass are tried again and arrive.</summary>
    [Theory]
    [InlineData(true, "1 4 10 11 14 15", "2 3 5 6 7 8 9 12 13 16")]
    [InlineData(false, "429 502 503 504", "400 401 403 404 405 415 500 501")]
    public async Task Every_status_ends_in_one_counter(bool isGrpc, string passing, string final)
    {
        foreach (string code in $"{passing} {final}".Split(' '))
        {
            await using var collector = await new BareCollector(isGrpc).StartAsync();
            int requests = 0;
            collector.OnRequest = context => Task.FromResult(Interlocked.Increment(ref requests) <= 2 && Refuse(context, isGrpc, code));
            using Outlet outlet = await Outlet.StartAsync(isGrpc, collector.Port, consumers: 1);
            outlet.Offer(3);
            await UntilAsync(() => outlet.Statistics.Queued == 0);
            bool passes = passing.Split(' ').Contains(code);
            Assert.Equal(
                (code, passes ? 3 : 1, passes ? 0 : 2),
                (code, outlet.Statistics.Delivered(Signal.Traces), outlet.Statistics.Dropped(Signal.Traces, DropCause.NotRetryable)));
            Assert.Equal(outlet.Statistics.Delivered(Signal.Traces), collector.Taken.Distinct().Count());
            Assert.Equal(0, outlet.Statistics.Pending(Signal.Traces));
        }
    }

    [Fact]
    public async Task In_an_outage_memory_is_bounded_and_every_item_is_counted_or_arrives_afterwards()
    {
        // Ten minutes at 10,000 items a second.
        const int items = 6_000_000;
        const int batchItems = 1000;
        const long maxBytes = 4 << 20;
        var time = new AcceleratedTime { Speed = 300 };
        await using var collector = new BareCollector(isGrpc: true);
        var options = new OtlpOutletOptions
        {
            Endpoint = new Uri($"http://127.0.0.1:{collector.Port}"),
            Compression = OtlpCompression.None,
            // Nothing is taken by the collector and not known to be.
            Timeout = TimeSpan.FromMinutes(3),
            Queue = new OtlpQueueOptions { MaxBytes = maxBytes },
        };
        using var outlet = new OtlpGrpcOutlet(options, time: time);
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        var fanout = new Fanout([outlet]);
        OutletStatistics statistics = outlet.Statistics;
        Batch one = SampleBatches.Spans(batchItems);
        int largest = one.Length;
        long began = time.GetTimestamp();
        long bytes = 0;
        for (int made = 0; made < items; made += batchItems)
        {
            fanout.Publish(Batch.Copy(Signal.Traces, batchItems, one.Bytes.Span));
            bytes = Math.Max(bytes, statistics.Queued * largest);
            while (time.GetElapsedTime(began).TotalSeconds * 10_000 < made)
                await Task.Delay(1, TestContext.Current.CancellationToken);
        }
        one.Release();
        Assert.InRange(bytes, maxBytes / 2, maxBytes);
        Assert.True(statistics.Dropped(Signal.Traces, DropCause.Expired) > 0);
        Assert.True(statistics.Dropped(Signal.Traces, DropCause.QueueFull) > 0);
        Assert.Equal(0, statistics.Delivered(Signal.Traces));

        // What is fresh now is not to expire while the collector starts.
        time.Speed = 20;
        await collector.StartAsync();
        await UntilAsync(() => statistics.Queued == 0);
        Assert.Equal(items, statistics.Offered(Signal.Traces));
        Assert.Equal(items, statistics.Delivered(Signal.Traces) + statistics.Dropped(Signal.Traces));
        Assert.Equal(collector.Taken.Count, statistics.Delivered(Signal.Traces));
        Assert.True(collector.Taken.Count > 0);
        await outlet.StopAsync(CancellationToken.None);
    }

    private static bool Refuse(HttpContext context, bool isGrpc, string code)
    {
        if (isGrpc)
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = code;
        }
        else
        {
            context.Response.StatusCode = int.Parse(code, CultureInfo.InvariantCulture);
        }
        return true;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (int i = 0; i < 36_000 && !condition(); i++)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        Assert.True(condition());
    }

    /// <summary>An outlet whose spans have numbers for names, one in a batch.</summary>
    private sealed class Outlet : IDisposable
    {
        private readonly IOutlet _outlet;
        private readonly Fanout _fanout;
        private int _offered;

        private Outlet(IOutlet outlet)
        {
            _outlet = outlet;
            _fanout = new Fanout([outlet]);
        }

        public OutletStatistics Statistics => _outlet.Statistics;

        public static async Task<Outlet> StartAsync(bool isGrpc, int port, int timeout = 30_000, int consumers = 4)
        {
            var options = new OtlpOutletOptions
            {
                Endpoint = new Uri($"http://127.0.0.1:{port}"),
                Compression = OtlpCompression.None,
                Timeout = TimeSpan.FromMilliseconds(timeout),
                Retry = s_fast,
                Queue = new OtlpQueueOptions { Consumers = consumers },
            };
            IOutlet outlet = isGrpc ? new OtlpGrpcOutlet(options) : new OtlpHttpOutlet(options);
            await outlet.StartAsync(TestContext.Current.CancellationToken);
            return new Outlet(outlet);
        }

        public void Offer(int batches, int padding = 0)
        {
            for (int i = 0; i < batches; i++)
                _fanout.Publish(SampleBatches.Spans(1, (_offered++).ToString(CultureInfo.InvariantCulture), padding));
        }

        /// <summary>Everything offered is delivered, once or more than once where an answer was lost, and nothing is dropped.</summary>
        public async Task AssertAllArriveAsync(BareCollector collector)
        {
            await UntilAsync(() => Statistics.Queued == 0);
            Assert.Equal(_offered, Statistics.Offered(Signal.Traces));
            Assert.Equal((_offered, 0L), (Statistics.Delivered(Signal.Traces), Statistics.Dropped(Signal.Traces)));
            Assert.Equal(
                Enumerable.Range(0, _offered), collector.Taken.Select(name => int.Parse(name, CultureInfo.InvariantCulture)).Distinct().Order());
        }

        public void Dispose()
        {
            using var soon = new CancellationTokenSource(100);
            _outlet.StopAsync(soon.Token).GetAwaiter().GetResult();
            (_outlet as IDisposable)?.Dispose();
        }
    }
}
