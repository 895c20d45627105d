using EbpfReceiver.Terminal;
using OpenTelemetry.Proto.Metrics.V1;
using OpenTelemetry.Proto.Resource.V1;

namespace EbpfReceiver.Tests.Terminal;

public sealed class DeclaredMetricsTests
{
    private const string Scope = "ebpf-receiver/my_probe";

    [Fact]
    public void Metrics_of_declared_probes_have_lines_of_their_own_the_busiest_first()
    {
        var console = new ConsoleText();
        console.MetricsOf(Scope, All(calls: 100, values: 2));
        console.After(TimeSpan.FromSeconds(10));
        console.MetricsOf(Scope, All(calls: 1700, values: 12));
        console.After(TimeSpan.FromSeconds(1));

        Assert.Equal(
            [
                "   my.calls: 1,610 (cat 1,600, bash 7, sleep 2, … 1 more)",
                "   my.sizes: 20 values, average 1 KiB",
                "   my.opens: 10 values, p50 1.16 ms, p99 1.16 ms, max 1.38 ms",
            ],
            console.Lines[^3..]);
    }

    [Fact]
    public void Lines_of_declared_probes_are_bounded()
    {
        var console = new ConsoleText();
        console.MetricsOf(Scope, [.. Enumerable.Range(1, 30).Select(i => (new Resource(), Sum($"my.counter{i}", "", Point(i))))]);
        console.After(TimeSpan.FromSeconds(1));

        Assert.Equal(1 + 8 + 1, console.Lines.Length);
        Assert.Equal(("   my.counter30: 30", "   … 22 more metrics of declared probes"), (console.Lines[1], console.Lines[^1]));
    }

    [Theory]
    [InlineData("ebpf-receiver/my_probe", true)]
    [InlineData("ebpf-receiver/tcp", false)]
    [InlineData("ebpf-receiver", false)]
    [InlineData("an.application", false)]
    [InlineData(null, false)]
    public void What_the_program_has_itself_is_not_declared(string? scope, bool isDeclared) => Assert.Equal(isDeclared, DeclaredMetrics.IsDeclared(scope));

    private static (Resource, Metric)[] All(int calls, int values) =>
    [
        (new(), Sum("my.calls", "{call}", Point(calls - 10, "cat"), Point(calls > 100 ? 7 : 0, "bash"), Point(calls > 100 ? 2 : 0, "sleep"), Point(calls > 100 ? 1 : 0, "sh"))),
        (new(), new Metric
        {
            Name = "my.opens",
            Unit = "s",
            ExponentialHistogram = new ExponentialHistogram
            {
                AggregationTemporality = AggregationTemporality.Cumulative,
                // Scale 1, index -20: (2^-10, 2^-9.5] s.
                DataPoints = { new ExponentialHistogramDataPoint { Scale = 1, Count = (ulong)values, Positive = new() { Offset = -20, BucketCounts = { (ulong)values } } } },
            },
        }),
        (new(), new Metric
        {
            Name = "my.sizes",
            Unit = "By",
            Histogram = new Histogram
            {
                AggregationTemporality = AggregationTemporality.Cumulative,
                DataPoints = { new HistogramDataPoint { Count = (ulong)values * 2, Sum = values * 2048.0 } },
            },
        }),
    ];

    private static NumberDataPoint Point(int value, string? comm = null)
    {
        var point = new NumberDataPoint { AsInt = value };
        if (comm is not null)
            point.Attributes.Add(ConsoleText.Of("comm", comm));
        return point;
    }

    private static Metric Sum(string name, string unit, params NumberDataPoint[] points) => new()
    {
        Name = name,
        Unit = unit,
        Sum = new Sum { AggregationTemporality = AggregationTemporality.Cumulative, IsMonotonic = true, DataPoints = { points } },
    };
}
