using EbpfReceiver.Terminal;
using OpenTelemetry.Proto.Metrics.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace EbpfReceiver.Tests.Terminal;

public sealed class BatchPresenterTests
{
    private static readonly Span s_span = new() { Name = "x", StartTimeUnixNano = 1, EndTimeUnixNano = 2 };

    [Fact]
    public void Ten_thousand_events_in_a_second_are_shown_up_to_the_limit_and_the_rest_is_counted()
    {
        var console = new ConsoleText(new ConsoleOutletOptions { MaxEventsPerSecond = 50 });
        for (int batch = 0; batch < 100; batch++)
            console.Spans(ConsoleText.Process("a", 1), [.. Enumerable.Repeat(s_span, 100)]);
        console.After(TimeSpan.FromSeconds(1));
        Assert.Equal(51, console.Lines.Length);
        Assert.Equal("… 9,950 more events", console.Lines[50]);

        console.Spans(ConsoleText.Process("a", 1), s_span);
        Assert.Equal(52, console.Lines.Length);
    }

    [Fact]
    public void Counters_and_histograms_are_shown_as_what_happened_in_the_interval()
    {
        var console = new ConsoleText();
        console.Metrics(Metrics(cpu: 10, sent: 1000, runQueue: 100));
        console.After(TimeSpan.FromMilliseconds(300));
        int first = console.Lines.Length;
        console.After(TimeSpan.FromMilliseconds(9700));
        console.Metrics(Metrics(cpu: 15, sent: 11240, runQueue: 150));
        console.After(TimeSpan.FromMilliseconds(300));

        string[] lines = console.Lines[first..];
        Assert.EndsWith("last 10 s", lines[0]);
        Assert.Equal("   run queue               5/s  p50  12.8 µs  p99  12.8 µs  max  15.3 µs", lines[1]);
        Assert.Equal("   a[1]                             cpu    50%  run queue p99  12.8 µs  net 10 KiB out, 0 B in", lines[2]);
        Assert.Equal("   sda: 4 KiB written", lines[3]);
        Assert.Equal(4, lines.Length);
    }

    [Fact]
    public void Tables_are_drawn_on_a_terminal()
    {
        var console = new ConsoleText(color: true);
        console.Metrics(Metrics(cpu: 7.5, sent: 2048, runQueue: 100));
        console.After(TimeSpan.FromSeconds(1));
        string text = System.Text.RegularExpressions.Regex.Replace(console.Text, "\e\\[[0-9;]*m", "");
        Assert.Contains("last 15 s", text);
        Assert.Matches(@"run queue +6\.67/s +12\.8 µs +12\.8 µs +15\.3 µs", text);
        Assert.Matches(@"a\[1\] +50% +████████████ +12\.8 µs +2 KiB", text);
    }

    [Fact]
    public void A_restarted_series_counts_from_its_new_start()
    {
        var state = new MetricState();
        const AggregationTemporality Cumulative = AggregationTemporality.Cumulative;
        Assert.Equal(5, state.Difference("k", new NumberDataPoint { StartTimeUnixNano = 1, AsInt = 5 }, Cumulative));
        state.NextRound();
        Assert.Equal(3, state.Difference("k", new NumberDataPoint { StartTimeUnixNano = 1, AsInt = 8 }, Cumulative));
        state.NextRound();
        Assert.Equal(9, state.Difference("k", new NumberDataPoint { StartTimeUnixNano = 2, AsInt = 9 }, Cumulative));
        Assert.Equal(4, state.Difference("d", new NumberDataPoint { AsInt = 4 }, AggregationTemporality.Delta));
        for (int i = 0; i < 5; i++)
            state.NextRound();
        Assert.Equal(0, state.Count);
    }

    [Fact]
    public void Distributions_of_different_scales_are_merged_at_the_coarser()
    {
        var values = new LatencyDistribution();
        values.Add(-10, 0, 90);     // (2^-10, 2^-9] s
        values.Add(-28, 2, 10);     // scale 2: (2^-7, 2^-6.75] s
        Assert.Equal(100, values.Count);
        Assert.Equal(Math.Pow(2, -9.5), values.Quantile(0.5), 6);
        Assert.Equal(Math.Pow(2, -6.5), values.Quantile(0.99), 6);
        Assert.Equal(Math.Pow(2, -6), values.Maximum, 6);
        Assert.Equal([90, 0, 0, 10], values.Octaves().Counts);
    }

    private static (OpenTelemetry.Proto.Resource.V1.Resource, Metric)[] Metrics(double cpu, int sent, ulong runQueue) =>
    [
        (ConsoleText.Process("a", 1), Sum("linux.sched.on_cpu.time", new NumberDataPoint { AsDouble = cpu })),
        (ConsoleText.Process("a", 1), Sum("process.network.io", new NumberDataPoint
        {
            AsInt = sent,
            Attributes = { ConsoleText.Of("network.io.direction", "transmit") },
        })),
        (ConsoleText.Process("a", 1), new Metric
        {
            Name = "linux.sched.run_queue.latency",
            ExponentialHistogram = new ExponentialHistogram
            {
                AggregationTemporality = AggregationTemporality.Cumulative,
                DataPoints =
                {
                    // Scale 1, index -33: (2^-16.5, 2^-16] s.
                    new ExponentialHistogramDataPoint
                    {
                        Scale = 1,
                        Count = runQueue,
                        Positive = new() { Offset = -34, BucketCounts = { 0, runQueue } },
                    },
                },
            },
        }),
        (new(), Sum("system.disk.io", new NumberDataPoint
        {
            AsInt = sent == 1000 ? 0 : 4096,
            Attributes = { ConsoleText.Of("system.device", "sda"), ConsoleText.Of("disk.io.direction", "write") },
        })),
    ];

    private static Metric Sum(string name, NumberDataPoint point) => new()
    {
        Name = name,
        Sum = new Sum { AggregationTemporality = AggregationTemporality.Cumulative, IsMonotonic = true, DataPoints = { point } },
    };
}
