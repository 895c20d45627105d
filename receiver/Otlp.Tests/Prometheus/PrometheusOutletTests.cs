using System.Buffers;
using System.Diagnostics;
using System.Text;
using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Metrics.V1;
using OpenTelemetry.Proto.Resource.V1;
using static EbpfReceiver.Otlp.Tests.ProtoAttributes;

namespace EbpfReceiver.Otlp.Tests.Prometheus;

public class PrometheusOutletTests
{
    private const string OpenMetrics = "application/openmetrics-text";

    [Fact]
    public void Text_shows_counters_gauges_labels_and_the_target()
    {
        var outlet = new PrometheusOutlet();
        Accept(outlet, Request(
            [Of("service.name", "nginx"), Of("service.namespace", "shop"), Of("service.instance.id", "i-1"), Of("host.name", "h\"1\n\\")],
            Sum("system.disk.io", "By", "Bytes.", true, (10, [Of("disk.io.direction", "read")]), (20, [Of("disk.io.direction", "write")])),
            Sum("queue.size", "{batch}", "Queued.", false, (7, []))));

        Assert.Equal(
            """
            # HELP target_info Resource attributes of a target.
            # TYPE target_info gauge
            target_info{host_name="h\"1\n\\",instance="i-1",job="shop/nginx"} 1
            # HELP queue_size Queued.
            # TYPE queue_size gauge
            queue_size{instance="i-1",job="shop/nginx"} 7
            # HELP system_disk_io_bytes_total Bytes.
            # TYPE system_disk_io_bytes_total counter
            system_disk_io_bytes_total{disk_io_direction="read",instance="i-1",job="shop/nginx"} 10
            system_disk_io_bytes_total{disk_io_direction="write",instance="i-1",job="shop/nginx"} 20

            """,
            Render(outlet, null));
    }

    [Fact]
    public void OpenMetrics_names_families_without_total_and_ends_with_EOF()
    {
        var outlet = new PrometheusOutlet();
        Accept(outlet, Request([], Sum("system.disk.io", "By", "By \"direction\".", true, (long.MaxValue, []))));

        Assert.Equal(
            """
            # HELP system_disk_io_bytes By \"direction\".
            # TYPE system_disk_io_bytes counter
            # UNIT system_disk_io_bytes bytes
            system_disk_io_bytes_total 9223372036854775807
            # EOF

            """,
            Render(outlet, OpenMetrics));
    }

    [Fact]
    public void An_exponential_histogram_has_the_same_buckets_whatever_its_scale()
    {
        var outlet = new PrometheusOutlet();
        foreach (int scale in new[] { 0, 3 })
        {
            ExponentialHistogramDataPoint point = new()
            {
                Scale = scale,
                Count = 10,
                Sum = 7.5,
                ZeroCount = 1,
                ZeroThreshold = Math.ScaleB(1, -20),
                // (0.25, 0.5], (0.5, 1] and (1, 2] at scale 0.
                Positive = new ExponentialHistogramDataPoint.Types.Buckets { Offset = -2 << scale },
            };
            for (int i = 0; i < 3 << scale; i++)
                point.Positive.BucketCounts.Add(i % (1 << scale) == 0 ? 3UL : 0);
            Accept(outlet, Request([], Exponential("lookup", "s", AggregationTemporality.Cumulative, point)));
            string text = Render(outlet, null);
            Assert.Contains("lookup_seconds_bucket{le=\"9.5367431640625E-07\"} 1\n", text, StringComparison.Ordinal);
            Assert.Contains("lookup_seconds_bucket{le=\"0.25\"} 1\n", text, StringComparison.Ordinal);
            Assert.Contains("lookup_seconds_bucket{le=\"0.5\"} 4\n", text, StringComparison.Ordinal);
            Assert.Contains("lookup_seconds_bucket{le=\"1\"} 7\n", text, StringComparison.Ordinal);
            Assert.Contains("lookup_seconds_bucket{le=\"2\"} 10\n", text, StringComparison.Ordinal);
            Assert.Contains("lookup_seconds_bucket{le=\"1024\"} 10\n", text, StringComparison.Ordinal);
            Assert.Contains("lookup_seconds_bucket{le=\"+Inf\"} 10\n", text, StringComparison.Ordinal);
            Assert.Contains("lookup_seconds_sum 7.5\nlookup_seconds_count 10\n", text, StringComparison.Ordinal);
            Assert.Equal(32, text.Split('\n').Count(l => l.Contains("_bucket", StringComparison.Ordinal)));
            Assert.Contains("le=\"1.0\"", Render(outlet, OpenMetrics), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Delta_points_add_up()
    {
        var outlet = new PrometheusOutlet();
        for (int i = 1; i <= 3; i++)
        {
            Metric sum = Sum("hits", "{hit}", "Hits.", true, (i, []));
            sum.Sum.AggregationTemporality = AggregationTemporality.Delta;
            sum.Sum.DataPoints[0].TimeUnixNano = (ulong)i;
            Accept(outlet, Request([], sum, Exponential("lookup", "s", AggregationTemporality.Delta, new ExponentialHistogramDataPoint
            {
                TimeUnixNano = (ulong)i,
                Count = 2,
                Sum = 0.5,
                Positive = new ExponentialHistogramDataPoint.Types.Buckets { Offset = -1, BucketCounts = { 2 } },
            })));
        }
        string text = Render(outlet, null);
        Assert.Contains("hits_total 6\n", text, StringComparison.Ordinal);
        Assert.Contains("lookup_seconds_bucket{le=\"1\"} 6\n", text, StringComparison.Ordinal);
        Assert.Contains("lookup_seconds_sum 1.5\nlookup_seconds_count 6\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Cumulative_points_replace_and_older_ones_do_not()
    {
        var outlet = new PrometheusOutlet();
        foreach ((long value, ulong time) in new[] { (5L, 10UL), (9L, 30UL), (7L, 20UL) })
        {
            Metric sum = Sum("hits", "", "Hits.", true, (value, []));
            sum.Sum.DataPoints[0].TimeUnixNano = time;
            Accept(outlet, Request([], sum));
        }
        Assert.Contains("hits_total 9\n", Render(outlet, null), StringComparison.Ordinal);
    }

    [Fact]
    public void Explicit_histograms_and_summaries_keep_their_own_bounds()
    {
        var outlet = new PrometheusOutlet();
        var histogram = new Metric
        {
            Name = "http.duration",
            Unit = "s",
            Description = "D.",
            Histogram = new Histogram
            {
                AggregationTemporality = AggregationTemporality.Cumulative,
                DataPoints =
                {
                    new HistogramDataPoint { Count = 6, Sum = 3, ExplicitBounds = { 0.1, 1 }, BucketCounts = { 1, 2, 3 } },
                },
            },
        };
        var summary = new Metric
        {
            Name = "rpc",
            Description = "R.",
            Summary = new Summary
            {
                DataPoints =
                {
                    new SummaryDataPoint
                    {
                        Count = 4,
                        Sum = 2,
                        QuantileValues =
                        {
                            new SummaryDataPoint.Types.ValueAtQuantile { Quantile = 0.5, Value = 1 },
                            new SummaryDataPoint.Types.ValueAtQuantile { Quantile = 0.99, Value = double.NaN },
                        },
                    },
                },
            },
        };
        Accept(outlet, Request([], histogram, summary));
        Assert.Equal(
            """
            # HELP http_duration_seconds D.
            # TYPE http_duration_seconds histogram
            http_duration_seconds_bucket{le="0.1"} 1
            http_duration_seconds_bucket{le="1"} 3
            http_duration_seconds_bucket{le="+Inf"} 6
            http_duration_seconds_sum 3
            http_duration_seconds_count 6
            # HELP rpc R.
            # TYPE rpc summary
            rpc{quantile="0.5"} 1
            rpc{quantile="0.99"} NaN
            rpc_sum 2
            rpc_count 4

            """,
            Render(outlet, null));
    }

    [Fact]
    public void Series_that_are_not_heard_of_expire()
    {
        var time = new ManualTime();
        var outlet = new PrometheusOutlet(new PrometheusOutletOptions { Expiration = TimeSpan.FromMinutes(5) }, time);
        Accept(outlet, Request([Of("service.name", "old")], Sum("a", "", "A.", true, (1, []))));
        time.Advance(TimeSpan.FromMinutes(4));
        Accept(outlet, Request([Of("service.name", "new")], Sum("a", "", "A.", true, (1, []))));
        time.Advance(TimeSpan.FromMinutes(2));
        string text = Render(outlet, null);
        Assert.DoesNotContain("old", text, StringComparison.Ordinal);
        Assert.Contains("a_total{job=\"new\"} 1\n", text, StringComparison.Ordinal);
        Assert.Equal(1, outlet.SeriesCount);
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("", Render(outlet, null));
        Assert.Equal(0, outlet.SeriesCount);
    }

    [Fact]
    public void Points_of_series_beyond_the_limit_and_of_conflicting_types_are_counted()
    {
        var outlet = new PrometheusOutlet(new PrometheusOutletOptions { MaxSeries = 3 });
        Accept(outlet, Request(
            [], Sum("a", "", "A.", true, [.. Enumerable.Range(0, 5).Select(i => ((long)i, new[] { Of("i", i) }))]),
            Sum("a", "", "A.", false, (1, []))));

        OutletStatistics statistics = outlet.Statistics;
        Assert.Equal(3, outlet.SeriesCount);
        Assert.Equal(6, statistics.Offered(Signal.Metrics));
        Assert.Equal(3, statistics.Delivered(Signal.Metrics));
        Assert.Equal(2, statistics.Dropped(Signal.Metrics, DropCause.QueueFull));
        Assert.Equal(1, statistics.Dropped(Signal.Metrics, DropCause.NotRetryable));
    }

    [Fact]
    public void Promtool_finds_nothing_to_object_to()
    {
        var outlet = new PrometheusOutlet();
        Accept(outlet, Everything());
        string? promtool = new[] { "/usr/bin/promtool", "/usr/local/bin/promtool" }.FirstOrDefault(File.Exists);
        Assert.SkipUnless(promtool is not null, "promtool is not installed (apt install prometheus)");

        using Process process = Process.Start(new ProcessStartInfo(promtool!, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        process.StandardInput.Write(Render(outlet, null));
        process.StandardInput.Close();
        string complaints = process.StandardError.ReadToEnd() + process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal((0, ""), (process.ExitCode, complaints));
    }

    [Fact]
    public void Labels_that_become_the_same_are_joined_and_empty_ones_left_out()
    {
        var outlet = new PrometheusOutlet();
        Accept(outlet, Request([], Sum("a", "", "A.", true, (1, [Of("x.y", "1"), Of("x_y", "2"), Of("z", ""), Of("args", "p", "q")]))));
        Assert.Contains("a_total{args=\"[\\\"p\\\",\\\"q\\\"]\",x_y=\"1;2\"} 1\n", Render(outlet, null), StringComparison.Ordinal);
    }

    [Fact]
    public void Processes_without_an_instance_id_are_told_apart_by_host_and_pid()
    {
        var outlet = new PrometheusOutlet();
        foreach (int pid in new[] { 1, 2 })
        {
            Accept(outlet, Request(
                [Of("service.name", "s"), Of("host.name", "h"), Of("process.pid", pid)], Sum("a", "", "A.", true, (pid, []))));
        }
        string text = Render(outlet, null);
        Assert.Contains("a_total{instance=\"h:1\",job=\"s\"} 1\na_total{instance=\"h:2\",job=\"s\"} 2\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_malformed_request_is_counted_and_harms_nothing()
    {
        var outlet = new PrometheusOutlet();
        byte[] bytes = Everything().ToByteArray();
        var random = new Random(7);
        var fanout = new Fanout([outlet]);
        for (int i = 0; i < 3000; i++)
        {
            byte[] broken = (byte[])bytes.Clone();
            for (int j = 0; j < 4; j++)
                broken[random.Next(broken.Length)] = (byte)random.Next(256);
            fanout.Publish(Batch.Copy(Signal.Metrics, 1, broken.AsSpan(0, random.Next(broken.Length + 1))));
        }
        OutletStatistics statistics = outlet.Statistics;
        Assert.Equal(3000, statistics.Delivered(Signal.Metrics) + statistics.Dropped(Signal.Metrics));
        Assert.True(statistics.Dropped(Signal.Metrics, DropCause.Failed) > 100);
        Assert.NotEqual("", Render(outlet, OpenMetrics));
    }

    private static ExportMetricsServiceRequest Everything() => Request(
        [Of("service.name", "nginx"), Of("service.instance.id", "1"), Of("host.name", "h")],
        Sum("system.disk.io", "By", "Bytes.", true, (10, [Of("disk.io.direction", "read")])),
        Sum("ebpf_receiver.queue.size", "{batch}", "", false, (-7, [])),
        new Metric
        {
            Name = "load",
            Unit = "1",
            Description = "Load.",
            Gauge = new Gauge { DataPoints = { new NumberDataPoint { AsDouble = 0.5 } } },
        },
        Exponential("dns.lookup.duration", "s", AggregationTemporality.Cumulative, new ExponentialHistogramDataPoint
        {
            Scale = 2,
            Count = 3,
            Sum = 0.25,
            Attributes = { Of("dns.question.name", "example.org\n\"x\"") },
            Positive = new ExponentialHistogramDataPoint.Types.Buckets { Offset = -20, BucketCounts = { 1, 2 } },
        }));

    private static ExportMetricsServiceRequest Request(KeyValue[] resource, params Metric[] metrics) => new()
    {
        ResourceMetrics =
        {
            new ResourceMetrics
            {
                Resource = new Resource { Attributes = { resource } },
                ScopeMetrics = { new ScopeMetrics { Metrics = { metrics } } },
            },
        },
    };

    private static Metric Sum(string name, string unit, string help, bool monotonic, params (long Value, KeyValue[] Attributes)[] points)
    {
        var sum = new Sum { IsMonotonic = monotonic, AggregationTemporality = AggregationTemporality.Cumulative };
        foreach ((long value, KeyValue[] attributes) in points)
            sum.DataPoints.Add(new NumberDataPoint { AsInt = value, Attributes = { attributes } });
        return new Metric { Name = name, Unit = unit, Description = help, Sum = sum };
    }

    private static Metric Exponential(
        string name, string unit, AggregationTemporality temporality, ExponentialHistogramDataPoint point) => new()
        {
            Name = name,
            Unit = unit,
            Description = "Durations.",
            ExponentialHistogram = new OpenTelemetry.Proto.Metrics.V1.ExponentialHistogram
            {
                AggregationTemporality = temporality,
                DataPoints = { point },
            },
        };

    private static void Accept(PrometheusOutlet outlet, ExportMetricsServiceRequest request)
    {
        byte[] bytes = request.ToByteArray();
        Assert.True(RequestItems.TryCount(Signal.Metrics, bytes, out int items));
        new Fanout([outlet]).Publish(Batch.Copy(Signal.Metrics, items, bytes));
    }

    private static string Render(PrometheusOutlet outlet, string? accept)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Assert.Contains(accept ?? "text/plain", outlet.Render(accept, buffer), StringComparison.Ordinal);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
