using EbpfReceiver.Aggregates;
using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;
using EbpfReceiver.Samples;
using EbpfReceiver.Telemetry;
using EbpfReceiver.Tests.Hosting;
using EbpfReceiver.Tests.Samples;
using OpenTelemetry.Proto.Metrics.V1;

namespace EbpfReceiver.Tests.Aggregates;

public class AggregateTests
{
    private const int Pid = 4_100_002;
    private readonly DecoderFixture _fixture = new();

    [Fact]
    public void Cpus_are_added_up_and_series_start_where_they_were_zero()
    {
        _fixture.Knows(Pid, "/usr/bin/nginx");
        var aggregate = new TcpProcessAggregate(Scopes.Tcp, _fixture.Identity);
        var map = new FakeMap(2);
        aggregate.Attach(map, now: 1000);
        map.Set(Key(Pid), new TcpProcessTotals { BytesSent = 3, Connects = 1 }, new TcpProcessTotals { BytesSent = 4 });
        Collect(aggregate, Temporality.Cumulative, now: 2000, previous: 1000);
        map.Set(Key(Pid), new TcpProcessTotals { BytesSent = 3, Connects = 1 }, new TcpProcessTotals { BytesSent = 40 });
        map.Set(Key(0), new TcpProcessTotals { Retransmits = 9 }, default(TcpProcessTotals));
        Collect(aggregate, Temporality.Cumulative, now: 3000, previous: 2000);

        List<NumberDataPoint> io = Points("process.network.io");
        Assert.Equal([7L, 43L], io.Select(p => p.AsInt));
        Assert.All(io, p => Assert.Equal(1000u, p.StartTimeUnixNano));
        Assert.Equal([2000u, 3000u], io.Select(p => p.TimeUnixNano));
        Assert.All(io, p => Assert.Equal("transmit", p.Attributes.Text("network.io.direction")));
        Assert.Equal("nginx", _fixture.Outlet.Metrics[0].Resource.Attributes.Text("service.name"));
        var overflow = _fixture.Outlet.Metrics.Single(m => m.Metric.Name == "system.network.tcp.retransmits");
        Assert.Null(overflow.Resource.Attributes.Text("service.name"));
        NumberDataPoint point = Assert.Single(overflow.Metric.Sum.DataPoints);
        Assert.True(point.Attributes.Flag("otel.metric.overflow"));
        Assert.Equal((9L, 2000u), (point.AsInt, point.StartTimeUnixNano));
        Assert.Equal(AggregationTemporality.Cumulative, overflow.Metric.Sum.AggregationTemporality);
        Assert.True(overflow.Metric.Sum.IsMonotonic);
    }

    [Fact]
    public void Differences_count_from_the_reading_before_and_add_up_to_the_total()
    {
        _fixture.Knows(Pid, "/usr/bin/nginx");
        var aggregate = new SchedProcessAggregate(Scopes.Sched, _fixture.Identity);
        var map = new FakeMap(1);
        aggregate.Attach(map, now: 1000);
        var totals = new SchedTotals { VoluntarySwitches = 5, RunTime = 2_500_000_000 };
        Observe(ref totals.RunQueueLatency, bucket: 10, count: 3, sum: 300_000_000);
        map.Set(Key(Pid), totals);
        Collect(aggregate, Temporality.Delta, now: 2000, previous: 1000);
        totals.VoluntarySwitches = 6;
        Observe(ref totals.RunQueueLatency, bucket: 11, count: 2, sum: 500_000_000);
        map.Set(Key(Pid), totals);
        Collect(aggregate, Temporality.Delta, now: 3000, previous: 2000);
        Collect(aggregate, Temporality.Delta, now: 4000, previous: 3000);

        Assert.Equal([(5L, 1000u), (1L, 2000u)], Points("process.context_switches").Select(p => (p.AsInt, (uint)p.StartTimeUnixNano)));
        Assert.Equal([2.5], Points("linux.sched.on_cpu.time").Select(p => p.AsDouble));
        List<ExponentialHistogramDataPoint> latencies = Histograms("linux.sched.run_queue.latency");
        Assert.Equal([3u, 2u], latencies.Select(p => p.Count));
        Assert.Equal([0.3, 0.5], latencies.Select(p => Math.Round(p.Sum, 9)));

        // Scale 1: bucket i of the kernel is bucket i - 40 in seconds.
        Assert.Equal([10 - 40, 11 - 40], latencies.Select(p => p.Positive.Offset));
        Assert.All(latencies, p => Assert.Equal(1, p.Scale));
    }

    [Fact]
    public void A_process_that_exited_is_sent_once_more_and_leaves_the_map()
    {
        _fixture.Knows(Pid, "/usr/bin/true");
        var aggregate = new TcpProcessAggregate(Scopes.Tcp, _fixture.Identity) { Grace = TimeSpan.Zero };
        var map = new FakeMap(1);
        aggregate.Attach(map, now: 1000);
        map.Set(Key(Pid), new TcpProcessTotals { Accepts = 2 });
        Collect(aggregate, Temporality.Cumulative, now: 2000, previous: 1000);
        Assert.Equal(1, map.Count);
        _fixture.Identity.OnExit(Pid, SampleBytes.Start);
        Collect(aggregate, Temporality.Cumulative, now: 3000, previous: 2000);
        Assert.Equal(0, map.Count);
        Collect(aggregate, Temporality.Cumulative, now: 4000, previous: 3000);
        Assert.Equal([2000u, 3000u], Points("system.network.tcp.connections").Select(p => p.TimeUnixNano));

        // What comes after it is a series of its own, that did not count what is gone.
        map.Set(Key(Pid), new TcpProcessTotals { Accepts = 1 });
        Collect(aggregate, Temporality.Cumulative, now: 5000, previous: 4000);
        NumberDataPoint last = Points("system.network.tcp.connections").Last();
        Assert.Equal((1L, 4000u), (last.AsInt, (uint)last.StartTimeUnixNano));
    }

    [Fact]
    public void Bucket_counts_that_came_round_are_carried_on()
    {
        var state = new HistogramState(0);
        HistogramScale0 raw = default;
        Observe(ref raw, bucket: 5, count: uint.MaxValue - 1, sum: 10);
        state.Begin();
        state.Add(0, raw);
        Span<uint> buckets = raw.Buckets;
        buckets[5] = 3;
        state.Begin();
        state.Add(0, raw);
        Assert.Equal(uint.MaxValue - 1UL + 5, state.Point(delta: false).Count);
    }

    [Fact]
    public void Failures_and_devices_carry_what_their_keys_say()
    {
        EncodedResource machine = _fixture.Identity.Machine;
        var failures = new TcpFailureAggregate(Scopes.Tcp, machine);
        var failed = new FakeMap(2);
        failures.Attach(failed, 1000);
        failed.Set(new TcpFailureKey { Error = 111, Family = AddressText.Ipv6 }, 2UL, 3UL);
        Collect(failures, Temporality.Cumulative, 2000, 1000);
        NumberDataPoint point = Assert.Single(Points("system.network.tcp.connections"));
        Assert.Equal(5, point.AsInt);
        Assert.Equal("ECONNREFUSED", point.Attributes.Text("error.type"));
        Assert.Equal("ipv6", point.Attributes.Text("network.type"));
        Assert.Equal("transmit", point.Attributes.Text("network.io.direction"));

        var block = new BlockDeviceAggregate(Scopes.Block, machine, new DeviceNames("/nonexistent"));
        var devices = new FakeMap(1);
        block.Attach(devices, 1000);
        devices.Set(new BlockKey { Device = (253 << 20) | 7, Direction = (uint)BlockDirection.Write }, new BlockTotals { Bytes = 4096, Operations = 1 });
        devices.Set(default(BlockKey), new BlockTotals { Operations = 6 });
        Collect(block, Temporality.Cumulative, 2000, 1000);
        Assert.Equal(4096, Assert.Single(Points("system.disk.io")).AsInt);
        List<NumberDataPoint> operations = Points("system.disk.operations");
        Assert.Equal("253:7", operations[0].Attributes.Text("system.device"));
        Assert.Equal("write", operations[0].Attributes.Text("disk.io.direction"));
        Assert.True(operations[1].Attributes.Flag("otel.metric.overflow"));
    }

    [Fact]
    public void Lookups_are_counted_by_name_and_error_within_bounds()
    {
        _fixture.Knows(Pid, "/usr/bin/curl");
        _fixture.Durations.Attach(1000);
        var owner = new ItemOwner(Pid, SampleBytes.Start, 1, 1);
        _fixture.Durations.Observe(owner, "a.example"u8, [], 1_000_000);
        _fixture.Durations.Observe(owner, "a.example"u8, [], 3_000_000);
        _fixture.Durations.Observe(owner, "b.example"u8, "EAI_NONAME"u8, 2_000_000);
        _fixture.Durations.Observe(owner, "c.example"u8, [], 2_000_000);
        _fixture.Durations.Observe(owner, "d.example"u8, [], 2_000_000);
        using var writer = new MetricsWriter(Temporality.Cumulative, _fixture.Publish);
        _fixture.Durations.Collect(new Collection(writer, 2000, 1000));
        writer.Flush();
        var points = Histograms("dns.lookup.duration").ToDictionary(p => p.Attributes.Text("dns.question.name")!);
        Assert.Equal(["_OTHER", "a.example", "b.example"], points.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(2u, points["a.example"].Count);
        Assert.Equal(0.004, points["a.example"].Sum, 12);
        Assert.Equal((0.001, 0.003), (points["a.example"].Min, points["a.example"].Max));
        Assert.Equal("EAI_NONAME", points["b.example"].Attributes.Text("error.type"));
        Assert.Equal(2u, points["_OTHER"].Count);
    }

    private static ProcessKey Key(int pid) => new() { Pid = (uint)pid, StartTime = pid == 0 ? 0 : SampleBytes.Start };

    private static void Observe(ref HistogramScale1 histogram, int bucket, uint count, ulong sum)
    {
        histogram.Count += count;
        histogram.Sum += sum;
        Span<uint> buckets = histogram.Buckets;
        buckets[bucket] += count;
    }

    private static void Observe(ref HistogramScale0 histogram, int bucket, uint count, ulong sum)
    {
        histogram.Count += count;
        histogram.Sum += sum;
        Span<uint> buckets = histogram.Buckets;
        buckets[bucket] += count;
    }

    private void Collect(MapAggregate aggregate, Temporality temporality, ulong now, ulong previous)
    {
        using var writer = new MetricsWriter(temporality, _fixture.Publish);
        var collection = new Collection(writer, now, previous);
        aggregate.Read(collection);
        aggregate.Write(collection);
        writer.Flush();
    }

    private List<NumberDataPoint> Points(string metric) =>
        [.. _fixture.Outlet.Metrics.Where(m => m.Metric.Name == metric).SelectMany(m => m.Metric.Sum.DataPoints)];

    private List<ExponentialHistogramDataPoint> Histograms(string metric) =>
        [.. _fixture.Outlet.Metrics.Where(m => m.Metric.Name == metric).SelectMany(m => m.Metric.ExponentialHistogram.DataPoints)];
}
