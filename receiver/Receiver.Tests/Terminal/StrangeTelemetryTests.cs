using EbpfReceiver.Terminal;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Metrics.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace EbpfReceiver.Tests.Terminal;

/// <summary>Anyone on the machine may send telemetry, and whatever it holds must not end the thread that shows it, which is the end of the process.</summary>
public sealed class StrangeTelemetryTests
{
    private const string Histogram = "linux.sched.run_queue.latency";

    private static readonly double[] s_numbers = [0, -1, 1e300, -1e300, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon];
    private static readonly ulong[] s_times = [0, 1, long.MaxValue, ulong.MaxValue];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_attribute_without_a_value_is_shown_as_nothing(bool color)
    {
        var console = new ConsoleText(color: color);
        var none = new KeyValue { Key = "a" };
        var list = new KeyValue { Key = "b", Value = new AnyValue { KvlistValue = new KeyValueList { Values = { none } } } };
        var sum = new Sum { IsMonotonic = true, AggregationTemporality = AggregationTemporality.Delta, DataPoints = { new NumberDataPoint { AsInt = 1, Attributes = { none, list } } } };
        console.Metrics(
            (ConsoleText.Process("a", 1), new Metric { Name = "ebpf_receiver.samples.dropped", Sum = sum }),
            (ConsoleText.Process("a", 1), new Metric { Name = "system.process.created", Sum = sum }));
        console.MetricsOf("ebpf-receiver/mine", (ConsoleText.Process("a", 1), new Metric { Name = "mine", Sum = sum }));
        console.Logs(ConsoleText.Process("a", 1), new LogRecord { Body = list.Value, Attributes = { none } });
        console.After(TimeSpan.FromSeconds(1));
        Assert.Contains("a=", console.Lines[0], StringComparison.Ordinal);
        Assert.Contains("processes: 1 forks", console.Text, StringComparison.Ordinal);
        Assert.Contains("mine: 1 (a[1]  a= 1)", console.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Numbers_that_nobody_would_measure_are_shown_all_the_same(bool color)
    {
        var console = new ConsoleText(new ConsoleOutletOptions { MaxEventsPerSecond = 10_000 }, color);
        foreach (double number in s_numbers)
        {
            var point = new NumberDataPoint { AsDouble = number };
            console.Metrics(
                (ConsoleText.Process("a", 1), Delta("linux.sched.on_cpu.time", point)),
                (ConsoleText.Process("b", 2), Delta("linux.sched.on_cpu.time", new NumberDataPoint { AsDouble = 1 })),
                (ConsoleText.Process("a", 1), Delta("process.network.io", new NumberDataPoint { AsDouble = 1 })),
                (ConsoleText.Process("a", 1), Delta("ebpf_receiver.samples.dropped", point)));
            console.MetricsOf(
                "ebpf-receiver/mine",
                (ConsoleText.Process("a", 1), new Metric { Name = "mine", Unit = "s", Histogram = new Histogram { AggregationTemporality = AggregationTemporality.Delta, DataPoints = { new HistogramDataPoint { Count = 1, Sum = number } } } }),
                (ConsoleText.Process("a", 1), Delta("other", point)));
            console.After(TimeSpan.FromSeconds(1));
            console.Spans(
                ConsoleText.Process("a", 1),
                [.. s_times.Select(time => new Span { Name = "tcp connect", EndTimeUnixNano = time, Attributes = { ConsoleText.Of("linux.tcp.rtt", number), ConsoleText.Of("linux.tcp.bytes_sent", number) } })]);
            console.Logs(
                ConsoleText.Process("a", 1),
                [.. s_times.Select(time => new LogRecord { EventName = "process.exit", TimeUnixNano = time, Attributes = { ConsoleText.Of("process.pid", number), ConsoleText.Of("linux.process.duration", number) } })]);
        }

        Assert.Equal(s_numbers.Length * s_times.Length, console.Lines.Count(line => line.Contains("tcp connect", StringComparison.Ordinal)));
        Assert.Equal(s_numbers.Length, console.Lines.Count(line => line.Contains("last ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Buckets_at_both_ends_of_all_numbers_are_shown(bool color)
    {
        foreach (int scale in (int[])[int.MinValue, -11, 0, 20, 40, int.MaxValue])
        {
            var console = new ConsoleText(color: color);
            console.Metrics([.. ((int[])[int.MinValue, 0, int.MaxValue]).Select(offset => (ConsoleText.Process("a", 1), Buckets(offset, scale, 1)))]);
            console.Metrics((ConsoleText.Process("a", 1), Buckets(0, 0, 1)));
            console.After(TimeSpan.FromSeconds(1));
            Assert.Single(console.Lines, line => line.Contains("run queue  ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_million_buckets_are_not_kept()
    {
        var state = new MetricState();
        LatencyDistribution values = state.Difference("k", Buckets(0, 0, 1_000_000).ExponentialHistogram.DataPoints[0], AggregationTemporality.Delta);
        Assert.Equal(4096, values.Count);
    }

    [Fact]
    public void More_series_than_anyone_looks_at_are_not_remembered()
    {
        var state = new MetricState();
        const AggregationTemporality Cumulative = AggregationTemporality.Cumulative;
        for (int i = 0; i < 150_000; i++)
            Assert.Equal(5, state.Difference($"{i}", new NumberDataPoint { StartTimeUnixNano = 1, AsInt = 5 }, Cumulative));
        Assert.Equal(100_000, state.Count);
        Assert.Equal(3, state.Difference("0", new NumberDataPoint { StartTimeUnixNano = 1, AsInt = 8 }, Cumulative));
        Assert.Equal(8, state.Difference("149999", new NumberDataPoint { StartTimeUnixNano = 1, AsInt = 8 }, Cumulative));
    }

    private static Metric Delta(string name, NumberDataPoint point) => new()
    {
        Name = name,
        Unit = "s",
        Sum = new Sum { IsMonotonic = true, AggregationTemporality = AggregationTemporality.Delta, DataPoints = { point } },
    };

    private static Metric Buckets(int offset, int scale, int count) => new()
    {
        Name = Histogram,
        ExponentialHistogram = new ExponentialHistogram
        {
            AggregationTemporality = AggregationTemporality.Delta,
            DataPoints =
            {
                new ExponentialHistogramDataPoint
                {
                    Scale = scale,
                    Positive = new ExponentialHistogramDataPoint.Types.Buckets { Offset = offset, BucketCounts = { Enumerable.Repeat(1UL, count) } },
                },
            },
        },
    };
}
