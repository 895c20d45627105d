using System.Collections.Concurrent;
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace EbpfReceiver.Otlp.Tests.Delivery;

/// <summary>What the outlet makes of an answer: patience, partial success, requests that are too large.</summary>
public sealed partial class OtlpGrpcOutletTests
{
    [Fact]
    public async Task RetryInfo_sets_the_wait_and_makes_RESOURCE_EXHAUSTED_retryable()
    {
        await using GrpcCollector collector = await GrpcCollector.StartAsync();
        var times = new List<long>();
        collector.OnTraces = (_, _) =>
        {
            times.Add(Stopwatch.GetTimestamp());
            return times.Count == 1 ? throw WithRetryInfo(milliseconds: 400) : Task.FromResult(new ExportTraceServiceResponse());
        };
        using var outlet = new OtlpGrpcOutlet(Options(collector));
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        Publish(outlet, SampleBatches.Spans(5));
        await SettledAsync(outlet);

        Assert.Equal(5, outlet.Statistics.Delivered(Signal.Traces));
        Assert.InRange(Stopwatch.GetElapsedTime(times[0], times[1]).TotalMilliseconds, 380, 120_000); // the clock of timers goes in steps of some milliseconds
        await StopAsync(outlet);
    }

    [Fact]
    public async Task A_server_that_asks_for_patience_is_left_alone_by_all_requests()
    {
        await using GrpcCollector collector = await GrpcCollector.StartAsync();
        var times = new ConcurrentQueue<long>();
        int calls = 0;
        collector.OnTraces = (_, _) =>
        {
            times.Enqueue(Stopwatch.GetTimestamp());
            return Interlocked.Increment(ref calls) == 1 ? throw WithRetryInfo(milliseconds: 600) : Task.FromResult(new ExportTraceServiceResponse());
        };
        using var outlet = new OtlpGrpcOutlet(Options(collector));
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        Publish(outlet, SampleBatches.Spans(1));
        while (outlet.Statistics.Retries == 0)
            await Task.Delay(1, TestContext.Current.CancellationToken);
        Publish(outlet, SampleBatches.Spans(1), SampleBatches.Spans(1), SampleBatches.Spans(1));
        await SettledAsync(outlet);

        long[] at = [.. times];
        Assert.Equal((5, 4L), (at.Length, outlet.Statistics.Delivered(Signal.Traces)));
        Assert.All(at[1..], later => Assert.InRange(Stopwatch.GetElapsedTime(at[0], later).TotalMilliseconds, 580, 120_000));
        await StopAsync(outlet);
    }

    [Fact]
    public async Task A_partial_success_is_counted_and_said_once_and_not_retried()
    {
        await using GrpcCollector collector = await GrpcCollector.StartAsync();
        collector.OnTraces = (_, _) => Task.FromResult(new ExportTraceServiceResponse
        {
            PartialSuccess = new ExportTracePartialSuccess { RejectedSpans = 3, ErrorMessage = "too old" },
        });
        var log = new RecordedLog();
        using var outlet = new OtlpGrpcOutlet(Options(collector), log);
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        Publish(outlet, SampleBatches.Spans(10), SampleBatches.Spans(10), SampleBatches.Spans(2));
        await SettledAsync(outlet);

        Assert.Equal(3, collector.Traces.Count);
        Assert.Equal(3 + 3 + 2, outlet.Statistics.Dropped(Signal.Traces, DropCause.Rejected));
        Assert.Equal(7 + 7 + 0, outlet.Statistics.Delivered(Signal.Traces));
        Assert.Contains("too old", Assert.Single(log.Lines).Text, StringComparison.Ordinal);
        await StopAsync(outlet);
    }

    [Fact]
    public async Task Each_cause_is_said_once_a_warning_without_a_rejected_item_too()
    {
        await using GrpcCollector collector = await GrpcCollector.StartAsync();
        int calls = 0;
        collector.OnTraces = (_, _) => Task.FromResult(new ExportTraceServiceResponse
        {
            PartialSuccess = Interlocked.Increment(ref calls) % 2 == 0
                ? new ExportTracePartialSuccess { RejectedSpans = 1, ErrorMessage = $"span {calls} is too old" }
                : new ExportTracePartialSuccess { ErrorMessage = "use a newer schema" },
        });
        var log = new RecordedLog();
        using var outlet = new OtlpGrpcOutlet(Options(collector), log);
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        for (int i = 0; i < 8; i++)
            Publish(outlet, SampleBatches.Spans(2));
        await SettledAsync(outlet);

        Assert.Equal(4, outlet.Statistics.Dropped(Signal.Traces, DropCause.Rejected));
        Assert.Equal(12, outlet.Statistics.Delivered(Signal.Traces));
        Assert.Equal(2, log.Lines.Count);
        Assert.Single(log.Lines, l => l.Text.Contains("use a newer schema", StringComparison.Ordinal));
        Assert.Single(log.Lines, l => l.Text.Contains("too old", StringComparison.Ordinal));
        await StopAsync(outlet);
    }

    [Fact]
    public async Task A_message_over_the_servers_limit_is_sent_in_halves_down_to_the_item_that_is_too_large()
    {
        await using GrpcCollector collector = await GrpcCollector.StartAsync(maxMessageBytes: 50_000);
        var log = new RecordedLog();
        using var outlet = new OtlpGrpcOutlet(Options(collector) with { Queue = new OtlpQueueOptions { Consumers = 1 } }, log);
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        Publish(outlet, SampleBatches.Spans(30, padding: 10_000), SampleBatches.Spans(1, padding: 60_000), SampleBatches.Spans(3));
        await SettledAsync(outlet);

        Assert.Equal(33, outlet.Statistics.Delivered(Signal.Traces));
        Assert.Equal(33, collector.Traces.Sum(r => r.ResourceSpans[0].ScopeSpans[0].Spans.Count));
        Assert.Equal(1, outlet.Statistics.Dropped(Signal.Traces, DropCause.TooLarge));
        Assert.Contains("too_large", Assert.Single(log.Lines).Text, StringComparison.Ordinal);
        AssertBalanced(outlet, Signal.Traces, produced: 34);
        await StopAsync(outlet);
    }

    [Fact]
    public async Task A_batch_over_our_own_limit_is_sent_in_parts_in_order_and_nothing_larger_is_ever_sent()
    {
        await using GrpcCollector collector = await GrpcCollector.StartAsync(maxMessageBytes: 20_000);
        using var outlet = new OtlpGrpcOutlet(
            Options(collector) with { MaxRequestBytes = 20_000, Queue = new OtlpQueueOptions { Consumers = 1 } });
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        Publish(outlet, SampleBatches.Metrics(5000), SampleBatches.Spans(16, padding: 6_000), SampleBatches.Spans(1, padding: 30_000));
        await SettledAsync(outlet);

        Assert.Equal(
            Enumerable.Range(0, 5000).Select(i => (long)i),
            collector.Metrics.SelectMany(r => r.ResourceMetrics[0].ScopeMetrics[0].Metrics[0].Sum.DataPoints.Select(p => p.AsInt)));
        Assert.Equal(16, outlet.Statistics.Delivered(Signal.Traces));
        Assert.Equal(1, outlet.Statistics.Dropped(Signal.Traces, DropCause.TooLarge));
        Assert.Equal(outlet.Statistics.Requests, collector.Metrics.Count + collector.Traces.Count);
        AssertBalanced(outlet, Signal.Traces, produced: 17);
        await StopAsync(outlet);
    }

    /// <summary>google.rpc.Status{code: 8, details: [Any{RetryInfo{retry_delay}}]}, encoded by the official library.</summary>
    private static RpcException WithRetryInfo(int milliseconds)
    {
        byte[] duration = new Google.Protobuf.WellKnownTypes.Duration { Nanos = milliseconds * 1_000_000 }.ToByteArray();
        byte[] retryInfo = [0x0a, (byte)duration.Length, .. duration];
        byte[] any = new Google.Protobuf.WellKnownTypes.Any
        {
            TypeUrl = "type.googleapis.com/google.rpc.RetryInfo",
            Value = ByteString.CopyFrom(retryInfo),
        }.ToByteArray();
        byte[] status = [0x08, 8, 0x1a, (byte)any.Length, .. any];
        var trailers = new Metadata { { "grpc-status-details-bin", status } };
        return new RpcException(new Status(Grpc.Core.StatusCode.ResourceExhausted, "slow down"), trailers);
    }
}
