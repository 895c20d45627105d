using EbpfReceiver.Hosting;
using EbpfReceiver.Probes;
using EbpfReceiver.ProbeLanguage;
using EbpfReceiver.Tests.Hosting;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Metrics.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace EbpfReceiver.Tests.Probes.Declared;

/// <summary>Probe files on the running kernel. Alone: other tests of this process would count as well.</summary>
[Collection(AloneCollection.Name)]
public class DeclaredProbeTests
{
    private static readonly string Calls =
        $$"""
          - name: calls
            on: [raw_tp:sys_enter]
            where: {{ProbeFileFixture.Ours}}
            emit:
              - counter: { name: test.calls, unit: "{call}", attributes: [process.pid] }

        """;

    private static readonly string Times =
        $$"""
          - name: times
            on: { start: [raw_tp:sys_enter], end: [raw_tp:sys_exit] }
            where: {{ProbeFileFixture.Ours.Replace("args", "start.args", StringComparison.Ordinal)}}
            emit:
              - histogram: { name: test.time, unit: s, value: duration, scale: 2 }
              - histogram: { name: test.time.explicit, unit: s, value: duration, buckets: [1us, 1s] }
              - span: { name: "call of {pid}", attributes: { error.type: { expr: args.ret, decode: errno } } }
              - log: { event: test.call, severity: WARN, body: "call by {comm}" }

        """;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_probe_file_counts_every_hit_on_the_resource_of_its_process()
    {
        await using var fixture = new ProbeFileFixture(Calls);
        await fixture.Runtime.StartAsync(Cancelled);
        ProbeStatus status = fixture.Runtime.Probes.List().Single(p => p.Name == "calls");
        Assert.Equal((ProbeState.Running, fixture.Path), (status.State, status.Origin));
        ProbeFileFixture.Call(1234);
        fixture.Runtime.CollectNow();
        ProbeFileFixture.Call(4321);
        await fixture.Runtime.StopAsync();
        Assert.Equal(5555, fixture.Sum("test.calls"));
        var metric = fixture.Outlet.Metrics.Last(m => m.Metric.Name == "test.calls");
        Assert.Equal("ebpf-receiver/calls", metric.Scope);
        Assert.Equal("{call}", metric.Metric.Unit);
        Assert.Equal(Environment.ProcessId, metric.Resource.Attributes.Number("process.pid"));
        Assert.Equal(Environment.ProcessId, metric.Metric.Sum.DataPoints.Single().Attributes.Number("process.pid"));
    }

    [Fact]
    public async Task Histograms_spans_and_logs_tell_of_the_same_hits_and_all_samples_are_accounted_for()
    {
        await using var fixture = new ProbeFileFixture(Times);
        await fixture.Runtime.StartAsync(Cancelled);
        ProbeFileFixture.Call(500);
        await fixture.Runtime.StopAsync();

        ExponentialHistogramDataPoint point = fixture.Outlet.Metrics.Last(m => m.Metric.Name == "test.time").Metric.ExponentialHistogram.DataPoints.Single();
        Assert.Equal(500UL, point.Count);
        Assert.Equal(500UL, point.ZeroCount + point.Positive.BucketCounts.Aggregate(0UL, (a, b) => a + b));
        Assert.InRange(point.Sum, 500 * point.Min, 500 * point.Max);
        HistogramDataPoint bounded = fixture.Outlet.Metrics.Last(m => m.Metric.Name == "test.time.explicit").Metric.Histogram.DataPoints.Single();
        Assert.Equal([0.000001, 1], bounded.ExplicitBounds);
        Assert.Equal(500UL, bounded.BucketCounts.Aggregate(0UL, (a, b) => a + b));
        Assert.Equal(point.Sum, bounded.Sum);

        List<Span> spans = [.. fixture.Outlet.Spans.Where(s => s.Scope == "ebpf-receiver/times").Select(s => s.Span)];
        Assert.Equal(500, spans.Count);
        Assert.All(spans, s => Assert.Equal($"call of {Environment.ProcessId}", s.Name));
        Assert.Equal(point.Max, spans.Max(s => (s.EndTimeUnixNano - s.StartTimeUnixNano) / 1e9), 1e-12);
        Assert.Equal(500, spans.Select(s => s.SpanId).Distinct().Count());
        var logs = fixture.Outlet.Logs.Where(l => l.Scope == "ebpf-receiver/times").ToList();
        Assert.Equal(500, logs.Count);
        Assert.All(logs, l => Assert.Equal(("test.call", SeverityNumber.Warn), (l.Record.EventName, l.Record.SeverityNumber)));
        Assert.StartsWith("call by ", logs[0].Record.Body.StringValue);

        SampleStatistics samples = fixture.Runtime.Snapshot().Samples.Single(s => s.Kind == "declared");
        Assert.Equal(1000, samples.Produced);
        Assert.Equal(samples.Produced, samples.Delivered + samples.Dropped.Sum(d => d.Count));
    }

    [Fact]
    public async Task A_full_map_counts_the_rest_in_the_overflow_series_and_a_series_that_rests_is_let_go()
    {
        await using var fixture = new ProbeFileFixture(
            $$"""
              - name: keys
                on: [raw_tp:sys_enter]
                where: {{ProbeFileFixture.Ours}}
                emit:
                  - counter: { name: test.keys, attributes: { slot: ktime % 997 }, limits: { series: 8, ttl: 1s } }

            """);
        await fixture.Runtime.StartAsync(Cancelled);
        ProbeFileFixture.Call(2000);
        fixture.Runtime.CollectNow();
        List<NumberDataPoint> points = [.. fixture.LastPoints("test.keys")];
        Assert.Equal(2000, points.Sum(p => p.AsInt));
        Assert.InRange(points.Count, 2, 9);
        Assert.True(points.Single(p => p.Attributes.Flag("otel.metric.overflow")).AsInt > 1000);
        await WaitAsync(() =>
        {
            fixture.Runtime.CollectNow();
            return fixture.LastPoints("ebpf_receiver.probe.series.expired").Sum(p => p.AsInt) >= 7;
        });
        NumberDataPoint overflows = fixture.LastPoints("ebpf_receiver.probe.losses").Single(p => p.Attributes.Text("ebpf_receiver.drop.cause") == "series_overflow");
        Assert.Equal(points.Single(p => p.Attributes.Flag("otel.metric.overflow")).AsInt, overflows.AsInt);
    }

    [Fact]
    public async Task A_change_of_the_file_is_taken_over_and_what_did_not_change_counts_on()
    {
        await using var fixture = new ProbeFileFixture(Calls + Times);
        await fixture.Runtime.StartAsync(Cancelled);
        ProbeFileFixture.Call(100);
        int program = fixture.Runtime.Probes.List().Single(p => p.Name == "calls").Programs[0].Id;
        fixture.Write(Calls + Times.Replace("test.time,", "test.renamed,", StringComparison.Ordinal));
        await WaitAsync(() => fixture.Runtime.Probes.Explain("times").Emits.Contains("test.renamed"));
        ProbeFileFixture.Call(11);

        // Nonsense leaves what runs, and says where it is.
        fixture.Write(Calls + Times.Replace("histogram", "histogramm", StringComparison.Ordinal));
        await WaitAsync(() => fixture.Runtime.Probes.List().Single(p => p.Name == "times").Reasons.Count > 0);
        ProbeStatus complaining = fixture.Runtime.Probes.List().Single(p => p.Name == "times");
        Assert.Equal(ProbeState.Running, complaining.State);
        Assert.Matches(@"test\.yaml:1\d:9: probes\[1\]\.emit\[0\]\.histogramm: .*did you mean histogram", complaining.Reasons[0].Text);
        ProbeFileFixture.Call(22);

        // What can't be bound to this kernel leaves what runs, too.
        fixture.Write(Calls + Times.Replace("value: duration", "value: args.nonsense", StringComparison.Ordinal));
        await WaitAsync(() => fixture.Runtime.Probes.List().Single(p => p.Name == "times").Reasons.Any(r => r.Text.Contains("nonsense")));
        Assert.Equal(ProbeState.Running, fixture.Runtime.Probes.List().Single(p => p.Name == "times").State);
        Assert.Equal(program, fixture.Runtime.Probes.List().Single(p => p.Name == "calls").Programs[0].Id);
        fixture.Write(Calls);
        await WaitAsync(() => fixture.Runtime.Probes.List().All(p => p.Name != "times"));
        await fixture.Runtime.StopAsync();

        Assert.Equal(133, fixture.Sum("test.calls"));
        Assert.Equal(100UL, fixture.Outlet.Metrics.Last(m => m.Metric.Name == "test.time").Metric.ExponentialHistogram.DataPoints.Single().Count);
        Assert.Equal(33UL, fixture.Outlet.Metrics.Last(m => m.Metric.Name == "test.renamed").Metric.ExponentialHistogram.DataPoints.Single().Count);
        Assert.Equal(133, fixture.Outlet.Spans.Count(s => s.Scope == "ebpf-receiver/times"));
    }

    [Fact]
    public async Task What_did_not_change_misses_nothing_while_another_probe_is_changed_again_and_again()
    {
        const int Turns = 8;
        static string Changing(int turn) => Calls.Replace("calls", "changing", StringComparison.Ordinal).Replace("test.changing", $"test.changing{turn}", StringComparison.Ordinal);
        await using var fixture = new ProbeFileFixture(Calls + Changing(0));
        await fixture.Runtime.StartAsync(Cancelled);
        long calls = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        Task hot = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                ProbeFileFixture.Call(1000);
                Interlocked.Add(ref calls, 1000);
            }
        }, Cancelled);
        for (int turn = 1; turn <= Turns; turn++)
        {
            fixture.Write(Calls + Changing(turn));
            await WaitAsync(() => fixture.Runtime.Probes.Explain("changing").Emits.Contains($"test.changing{turn}"));
            long before = Interlocked.Read(ref calls);
            await WaitAsync(() => Interlocked.Read(ref calls) >= before + 2000);
        }

        await stop.CancelAsync();
        await hot;
        await fixture.Runtime.StopAsync();

        Assert.Equal(calls, fixture.Sum("test.calls"));

        // Each turn of the other one counted from its beginning to its end, and nothing twice.
        double[] counted = [.. Enumerable.Range(0, Turns + 1).Select(turn => (double)fixture.Sum($"test.changing{turn}"))];
        Assert.All(counted[1..], count => Assert.InRange(count, 1000, calls));
        Assert.InRange(counted.Sum(), Turns * 1000, calls);
    }

    [Fact]
    public async Task A_probe_is_added_and_removed_while_the_receiver_runs()
    {
        await using var fixture = new ProbeFileFixture(Calls);
        await fixture.Runtime.StartAsync(Cancelled);
        string yaml = $"version: 1\nprobes:\n{Calls.Replace("calls", "added", StringComparison.Ordinal)}";
        ProbeStatus added = Assert.Single(await fixture.Runtime.Probes.AddAsync(yaml));
        Assert.Equal((ProbeState.Running, "grpc"), (added.State, added.Origin));
        ProbeFileFixture.Call(7);
        await fixture.Runtime.Probes.RemoveAsync("added");
        ProbeFileFixture.Call(7);
        Assert.Equal(7, fixture.Sum("test.added"));
        await Assert.ThrowsAsync<UnknownProbeException>(() => fixture.Runtime.Probes.RemoveAsync("added"));
        await Assert.ThrowsAsync<UnknownProbeException>(() => fixture.Runtime.Probes.RemoveAsync("process"));
        ProbeLanguageException wrong = await Assert.ThrowsAsync<ProbeLanguageException>(() => fixture.Runtime.Probes.AddAsync(yaml.Replace("raw_tp", "rawtp", StringComparison.Ordinal)));
        Assert.Equal(4, wrong.Diagnostics[0].Location.Line);
    }

    [Fact]
    public async Task A_probe_over_its_budget_is_sampled_down_and_its_counts_stay_right()
    {
        await using var fixture = new ProbeFileFixture(Calls.TrimEnd('\n') + "\n    budget: { events: 20k/s }\n");
        await fixture.Runtime.StartAsync(Cancelled);
        long calls = 0;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        Task hot = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                ProbeFileFixture.Call(1000);
                calls += 1000;
            }
        }, Cancelled);
        await WaitAsync(() => Status(fixture).SamplingRatio < 0.3);
        await Task.Delay(2000, Cancelled);
        await stop.CancelAsync();
        await hot;
        fixture.Runtime.CollectNow();
        Gauge ratio = fixture.Outlet.Metrics.Last(m => m.Metric.Name == "ebpf_receiver.probe.sampling.ratio").Metric.Gauge;
        Assert.InRange(ratio.DataPoints.Single().AsDouble, 1e-5, 0.5); // it may have begun to rise again
        Assert.InRange(fixture.Sum("test.calls"), calls * 0.9, calls * 1.1);

        // When it is quiet again, it looks at more of its hits.
        double low = Status(fixture).SamplingRatio;
        await WaitAsync(() => Status(fixture).SamplingRatio > low);
    }

    private static ProbeStatus Status(ProbeFileFixture fixture) => fixture.Runtime.Probes.List().Single(p => p.Name == "calls");

    private static async Task WaitAsync(Func<bool> condition)
    {
        for (int i = 0; i < 1200; i++)
        {
            if (condition()) return;
            await Task.Delay(100, Cancelled);
        }

        Assert.Fail("It did not come true within two minutes.");
    }
}
