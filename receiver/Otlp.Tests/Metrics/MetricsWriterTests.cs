using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Metrics.V1;
using OpenTelemetry.Proto.Resource.V1;
using static EbpfReceiver.Otlp.Tests.ProtoAttributes;

namespace EbpfReceiver.Otlp.Tests.Metrics;

[Collection(BufferCollection.Name)]
public class MetricsWriterTests
{
    private static readonly EncodedScope s_scope = new("ebpf-receiver/block", "0.1.0", "http://schema");
    private static readonly MetricDescriptor s_bytes = new("system.disk.io", "By", "Bytes moved.", MetricKind.Counter, true);
    private static readonly MetricDescriptor s_upDown = new("queue", "{batch}", "", MetricKind.UpDownCounter, false);
    private static readonly MetricDescriptor s_gauge = new("load", "1", "Load.", MetricKind.Gauge, false);
    private static readonly MetricDescriptor s_latency = new("latency", "s", "Latency.", MetricKind.ExponentialHistogram, false);

    [Fact]
    public void Every_kind_of_metric_is_what_the_official_parser_reads()
    {
        var collected = new Collected();
        EncodedResource host = new ResourceEncoder().Add("host.name", "h").Build();
        using var metrics = new MetricsWriter(Temporality.Cumulative, collected.Publish);
        metrics.BeginResource(host.Bytes);
        metrics.BeginScope(s_scope);
        metrics.BeginMetric(s_bytes);
        foreach ((string direction, long value) in new[] { ("read", 10L), ("write", long.MaxValue) })
        {
            PointWriter point = metrics.NumberPoint(100, 200, value);
            point.Attribute("disk.io.direction"u8, direction);
            point.End();
        }
        metrics.BeginMetric(s_upDown);
        metrics.NumberPoint(100, 200, -3L).End();
        metrics.BeginMetric(s_gauge);
        metrics.NumberPoint(0, 200, 0.75).End();
        metrics.BeginMetric(s_latency);
        ulong[] counts = new ulong[120];
        counts[30] = 5;
        counts[32] = 1_000_000_000_000;
        PointWriter histogram = metrics.ExponentialHistogramPoint(100, 200, new ExponentialHistogram
        {
            Scale = 2,
            Count = 1_000_000_000_012,
            Sum = 12.5,
            ZeroCount = 7,
            ZeroThreshold = 1.0 / (1 << 20),
            Minimum = 0.001,
            Maximum = 3.5,
            Offset = -80,
            Positive = counts,
        });
        histogram.Attribute("system.device"u8, "sda"u8);
        histogram.End();
        metrics.Flush();

        var expected = new ExportMetricsServiceRequest
        {
            ResourceMetrics =
            {
                new ResourceMetrics
                {
                    Resource = new Resource { Attributes = { Of("host.name", "h") } },
                    ScopeMetrics =
                    {
                        new ScopeMetrics
                        {
                            Scope = new InstrumentationScope { Name = "ebpf-receiver/block", Version = "0.1.0" },
                            SchemaUrl = "http://schema",
                            Metrics = { ExpectedBytes(), ExpectedUpDown(), ExpectedGauge(), ExpectedLatency() },
                        },
                    },
                },
            },
        };
        Collected.AssertSame(expected, collected.Metrics());
        Assert.Equal(5, collected.Batches[0].Items);
    }

    [Fact]
    public void A_histogram_with_bounds_is_what_the_official_parser_reads()
    {
        var collected = new Collected();
        using var metrics = new MetricsWriter(Temporality.Delta, collected.Publish);
        metrics.BeginScope(s_scope);
        metrics.BeginMetric(new MetricDescriptor("sizes", "By", "", MetricKind.Histogram, false));
        PointWriter point = metrics.HistogramPoint(100, 200, new ExplicitHistogram
        {
            Count = 6,
            Sum = 1234.5,
            Minimum = 1,
            Maximum = 1000,
            Bounds = [10, 100.5],
            Buckets = [3, 2, 1],
        });
        point.Attribute("process.pid"u8, 7);
        point.End();
        metrics.HistogramPoint(100, 200, new ExplicitHistogram { Count = 2, Sum = double.NaN, Buckets = [2] }).End();
        metrics.Flush();

        Histogram read = collected.Metrics().ResourceMetrics[0].ScopeMetrics[0].Metrics[0].Histogram;
        Assert.Equal(AggregationTemporality.Delta, read.AggregationTemporality);
        var first = new HistogramDataPoint
        {
            StartTimeUnixNano = 100,
            TimeUnixNano = 200,
            Count = 6,
            Sum = 1234.5,
            Min = 1,
            Max = 1000,
            ExplicitBounds = { 10, 100.5 },
            BucketCounts = { 3, 2, 1 },
            Attributes = { Of("process.pid", 7) },
        };
        Assert.Equal(first, read.DataPoints[0]);
        Assert.Equal(new HistogramDataPoint { StartTimeUnixNano = 100, TimeUnixNano = 200, Count = 2, BucketCounts = { 2 } }, read.DataPoints[1]);
    }

    [Fact]
    public void A_histogram_without_values_has_no_buckets_and_no_extremes()
    {
        var collected = new Collected();
        using var metrics = new MetricsWriter(Temporality.Delta, collected.Publish);
        metrics.BeginScope(s_scope);
        metrics.BeginMetric(s_latency);
        metrics.ExponentialHistogramPoint(1, 2, new ExponentialHistogram { Scale = -1, Positive = new ulong[30] }).End();
        metrics.Flush();

        Metric metric = collected.Metrics().ResourceMetrics[0].ScopeMetrics[0].Metrics[0];
        Assert.Equal(AggregationTemporality.Delta, metric.ExponentialHistogram.AggregationTemporality);
        ExponentialHistogramDataPoint point = metric.ExponentialHistogram.DataPoints[0];
        Assert.Null(point.Positive);
        Assert.False(point.HasMin);
        Assert.False(point.HasMax);
        Assert.True(point.HasSum);
        Assert.Equal((-1, 0UL), (point.Scale, point.Count));
    }

    [Fact]
    public void Resource_and_scope_are_written_once_for_what_follows_them()
    {
        var collected = new Collected();
        EncodedResource one = new ResourceEncoder().Add("n", 1).Build();
        EncodedResource two = new ResourceEncoder().Add("n", 2).Build();
        using var metrics = new MetricsWriter(Temporality.Cumulative, collected.Publish);
        foreach (EncodedResource resource in new[] { one, one, two })
        {
            metrics.BeginResource(resource.Bytes);
            metrics.BeginScope(s_scope);
            metrics.BeginMetric(s_bytes);
            metrics.NumberPoint(1, 2, 3L).End();
        }
        metrics.BeginResource(one.Bytes);
        metrics.BeginMetric(s_gauge);
        metrics.Flush();

        ExportMetricsServiceRequest request = collected.Metrics();
        Assert.Equal([2, 1], request.ResourceMetrics.Select(r => r.ScopeMetrics.Single().Metrics.Single().Sum.DataPoints.Count));
        Assert.Equal([1, 2], request.ResourceMetrics.Select(r => r.Resource.Attributes[0].Value.IntValue));
    }

    [Fact]
    public void A_large_export_is_cut_into_requests_that_each_stand_alone()
    {
        var collected = new Collected();
        EncodedResource host = new ResourceEncoder().Add("host.name", "h").Build();
        using var metrics = new MetricsWriter(Temporality.Cumulative, collected.Publish, maxBytes: 10_000);
        metrics.BeginResource(host.Bytes);
        metrics.BeginScope(s_scope);
        metrics.BeginMetric(s_bytes);
        for (int i = 0; i < 1000; i++)
        {
            PointWriter point = metrics.NumberPoint(1, 2, (long)i);
            point.Attribute("padding"u8, new string('p', i));
            point.End();
        }
        metrics.Flush();

        Assert.InRange(collected.Batches.Count, 40, 60);
        var seen = new List<long>();
        foreach ((_, int items, byte[] bytes) in collected.Batches)
        {
            Assert.InRange(bytes.Length, 1, 11_200);
            ResourceMetrics resource = ExportMetricsServiceRequest.Parser.ParseFrom(bytes).ResourceMetrics.Single();
            Assert.Equal("h", resource.Resource.Attributes.Single().Value.StringValue);
            Metric metric = resource.ScopeMetrics.Single().Metrics.Single();
            Assert.True(metric.Sum.IsMonotonic);
            Assert.Equal(items, metric.Sum.DataPoints.Count);
            seen.AddRange(metric.Sum.DataPoints.Select(p => p.AsInt));
        }
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), seen);
    }

    [Fact]
    public void A_point_that_is_too_large_or_discarded_is_left_out()
    {
        var collected = new Collected();
        using var metrics = new MetricsWriter(Temporality.Cumulative, collected.Publish);
        metrics.BeginScope(s_scope);
        metrics.BeginMetric(s_bytes);
        PointWriter large = metrics.NumberPoint(1, 2, 1L);
        large.Attribute("x"u8, new string('x', 2_000_000));
        large.End();
        PointWriter discarded = metrics.NumberPoint(1, 2, 2L);
        discarded.Discard();
        metrics.NumberPoint(1, 2, 3L).End();
        metrics.NumberPoint(1, 2, 4L);
        metrics.Flush();

        Assert.Equal(1, metrics.OversizedPoints);
        Assert.Equal([3L], collected.Metrics().ResourceMetrics[0].ScopeMetrics[0].Metrics[0].Sum.DataPoints.Select(p => p.AsInt));
    }

    [Fact]
    public void Points_of_the_wrong_kind_are_refused()
    {
        using var metrics = new MetricsWriter(Temporality.Cumulative, static batch => batch.Release());
        Assert.Throws<InvalidOperationException>(() => metrics.NumberPoint(1, 2, 3L).End());
        metrics.BeginScope(s_scope);
        metrics.BeginMetric(s_latency);
        Assert.Throws<InvalidOperationException>(() => metrics.NumberPoint(1, 2, 3L).End());
        metrics.BeginMetric(s_bytes);
        Assert.Throws<InvalidOperationException>(() => metrics.ExponentialHistogramPoint(1, 2, default).End());
    }

    [Fact]
    public void Nothing_is_allocated_per_point_in_steady_state()
    {
        EncodedResource host = new ResourceEncoder().Add("host.name", "h").Build();
        ulong[] counts = [1, 2, 3, 0, 5];
        using var metrics = new MetricsWriter(Temporality.Cumulative, static batch => batch.Release());
        for (int round = 0; round < 3; round++)
            Export();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Export();
        // The batch object of the one request.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 128);

        void Export()
        {
            metrics.BeginResource(host.Bytes);
            metrics.BeginScope(s_scope);
            for (int i = 0; i < 500; i++)
            {
                metrics.BeginMetric(s_bytes);
                PointWriter number = metrics.NumberPoint(1, 2, (long)i);
                number.Attribute("k"u8, "v"u8);
                number.End();
                metrics.BeginMetric(s_latency);
                metrics.ExponentialHistogramPoint(1, 2, new ExponentialHistogram { Count = 11, Positive = counts }).End();
            }
            metrics.Flush();
        }
    }

    private static Metric ExpectedBytes() => new()
    {
        Name = "system.disk.io",
        Unit = "By",
        Description = "Bytes moved.",
        Sum = new Sum
        {
            IsMonotonic = true,
            AggregationTemporality = AggregationTemporality.Cumulative,
            DataPoints =
            {
                Number(10, Of("disk.io.direction", "read")),
                Number(long.MaxValue, Of("disk.io.direction", "write")),
            },
        },
    };

    private static Metric ExpectedUpDown() => new()
    {
        Name = "queue",
        Unit = "{batch}",
        Sum = new Sum { AggregationTemporality = AggregationTemporality.Cumulative, DataPoints = { Number(-3) } },
    };

    private static Metric ExpectedGauge() => new()
    {
        Name = "load",
        Unit = "1",
        Description = "Load.",
        Gauge = new Gauge { DataPoints = { new NumberDataPoint { TimeUnixNano = 200, AsDouble = 0.75 } } },
    };

    private static Metric ExpectedLatency() => new()
    {
        Name = "latency",
        Unit = "s",
        Description = "Latency.",
        ExponentialHistogram = new OpenTelemetry.Proto.Metrics.V1.ExponentialHistogram
        {
            AggregationTemporality = AggregationTemporality.Cumulative,
            DataPoints =
            {
                new ExponentialHistogramDataPoint
                {
                    StartTimeUnixNano = 100,
                    TimeUnixNano = 200,
                    Scale = 2,
                    Count = 1_000_000_000_012,
                    Sum = 12.5,
                    ZeroCount = 7,
                    ZeroThreshold = 1.0 / (1 << 20),
                    Min = 0.001,
                    Max = 3.5,
                    Attributes = { Of("system.device", "sda") },
                    Positive = new ExponentialHistogramDataPoint.Types.Buckets
                    {
                        Offset = -50,
                        BucketCounts = { 5, 0, 1_000_000_000_000 },
                    },
                },
            },
        },
    };

    private static NumberDataPoint Number(long value, params KeyValue[] attributes) => new()
    {
        StartTimeUnixNano = 100,
        TimeUnixNano = 200,
        AsInt = value,
        Attributes = { attributes },
    };
}
