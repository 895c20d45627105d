using System.Diagnostics;
using System.Globalization;
using EbpfReceiver.Otlp.Tests.Delivery;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace EbpfReceiver.Otlp.Tests.Storage;

/// <summary>The outlet with its queue on disk and a real server.</summary>
public sealed class StoredQueueTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Batches_go_through_the_disk_and_leave_nothing_behind()
    {
        await using GrpcCollector collector = await GrpcCollector.StartAsync();
        using OtlpGrpcOutlet outlet = Outlet(collector.Endpoint.Port);
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        for (int i = 0; i < 200; i++)
            Publish(outlet, i);
        await UntilAsync(() => outlet.Statistics.Delivered(Signal.Traces) == 200, "delivered");
        await StopAsync(outlet);
        Assert.Equal(Enumerable.Range(0, 200), collector.Traces.Select(NumberOf).Order());
        AssertSettled(outlet);
        Assert.Equal(0, outlet.Statistics.Storage!.Batches);
        Assert.Equal(0, outlet.Statistics.Stored(Signal.Traces));
    }

    [Fact]
    public async Task What_an_outlet_could_not_deliver_is_delivered_by_the_next_in_order_and_before_what_is_new()
    {
        using (OtlpGrpcOutlet first = Outlet(ReservedPort.Take()))
        {
            await first.StartAsync(TestContext.Current.CancellationToken);
            for (int i = 0; i < 100; i++)
                Publish(first, i);
            await StopAsync(first);
            Assert.Equal(100, first.Statistics.Stored(Signal.Traces));
            Assert.Equal(0, first.Statistics.Dropped(Signal.Traces));
            AssertSettled(first);
        }
        await using GrpcCollector collector = await GrpcCollector.StartAsync();
        using OtlpGrpcOutlet next = Outlet(collector.Endpoint.Port);
        for (int i = 100; i < 120; i++)
            Publish(next, i);
        await next.StartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => next.Statistics.Delivered(Signal.Traces) == 120, "delivered");
        await StopAsync(next);
        Assert.Equal(Enumerable.Range(0, 120), collector.Traces.Select(NumberOf));
        Assert.Equal(100, next.Statistics.Recovered(Signal.Traces));
        AssertSettled(next);
    }

    [Fact]
    public async Task A_stop_does_not_try_a_whole_backlog_against_a_server_that_refuses()
    {
        await using GrpcCollector collector = await GrpcCollector.StartAsync();
        collector.OnTraces = (_, _) => throw new RpcException(new Status(Grpc.Core.StatusCode.Unavailable, "later"));
        using OtlpGrpcOutlet outlet = Outlet(collector.Endpoint.Port, consumers: 2);
        for (int i = 0; i < 500; i++)
            Publish(outlet, i);
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => collector.Traces.Count >= 2, "asked");
        long before = outlet.Statistics.Requests;
        await StopAsync(outlet);
        Assert.InRange(outlet.Statistics.Requests - before, 0, 200);
        Assert.Equal(500, outlet.Statistics.Stored(Signal.Traces));
        AssertSettled(outlet);
    }

    [Fact]
    public async Task What_the_other_side_will_never_take_is_dropped_and_not_kept()
    {
        await using GrpcCollector collector = await GrpcCollector.StartAsync();
        collector.OnTraces = (_, _) => throw new RpcException(new Status(Grpc.Core.StatusCode.InvalidArgument, "no"));
        using OtlpGrpcOutlet outlet = Outlet(collector.Endpoint.Port);
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        for (int i = 0; i < 10; i++)
            Publish(outlet, i);
        await UntilAsync(() => outlet.Statistics.Dropped(Signal.Traces, DropCause.NotRetryable) == 10, "dropped");
        await StopAsync(outlet);
        Assert.Equal(0, outlet.Statistics.Stored(Signal.Traces));
        AssertSettled(outlet);
    }

    [Fact]
    public async Task Replay_keeps_its_rate_and_what_is_fresh_does_not_wait()
    {
        const int Rate = 40_000;
        using (var earlier = new OpenedLog(_directory.Of("otlp")))
        {
            for (int i = 0; i < 10; i++)
            {
                Batch batch = SampleBatches.Spans(1, Name(i), padding: 8000);
                earlier.Log.Append(batch);
                batch.Release();
            }
            earlier.Log.Commit();
        }
        // What was written just now is fresh: it is the clock of the outlet that says how long it waited.
        var later = new LaterTime(ReplayPace.Fresh * 2);
        await using GrpcCollector collector = await GrpcCollector.StartAsync();
        using OtlpGrpcOutlet outlet = Outlet(collector.Endpoint.Port, storage: s => s with { ReplayRate = Rate }, time: later);
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        long began = Stopwatch.GetTimestamp();
        await UntilAsync(() => outlet.Statistics.Delivered(Signal.Traces) == 10, "delivered");
        // The first goes at once, each of the others after the one before: nine times 8 kB at 40 kB/s.
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 9 * 8000.0 / Rate - 0.1, 180);
        later.Offset = TimeSpan.Zero;
        began = Stopwatch.GetTimestamp();
        for (int i = 10; i < 110; i++)
            Publish(outlet, i, padding: 8000);
        await UntilAsync(() => outlet.Statistics.Delivered(Signal.Traces) == 110, "delivered");
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 100 * 8000.0 / Rate - 1);
        Assert.Equal(Enumerable.Range(0, 110), collector.Traces.Select(NumberOf));
        await StopAsync(outlet);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_the_pace_of_the_replay()
    {
        using (var earlier = new OpenedLog(_directory.Of("otlp")))
        {
            for (int i = 0; i < 3; i++)
            {
                Batch batch = SampleBatches.Spans(1, Name(i), padding: 8000);
                earlier.Log.Append(batch);
                batch.Release();
            }
            earlier.Log.Commit();
        }
        await using GrpcCollector collector = await GrpcCollector.StartAsync();
        using OtlpGrpcOutlet outlet = Outlet(
            collector.Endpoint.Port, storage: s => s with { ReplayRate = 10 }, time: new LaterTime(ReplayPace.Fresh * 2));
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => outlet.Statistics.Delivered(Signal.Traces) == 1, "delivered");
        await outlet.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, outlet.Statistics.Stored(Signal.Traces));
        AssertSettled(outlet);
    }

    [Fact]
    public async Task A_damaged_batch_is_passed_over_said_and_counted()
    {
        using (OtlpGrpcOutlet first = Outlet(ReservedPort.Take()))
        {
            for (int i = 0; i < 20; i++)
                Publish(first, i, padding: 200);
            await StopAsync(first);
        }
        string path = Assert.Single(Directory.GetFiles(_directory.Of("otlp"), "*.records"));
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        await using GrpcCollector collector = await GrpcCollector.StartAsync();
        var log = new RecordedLog();
        using OtlpGrpcOutlet next = Outlet(collector.Endpoint.Port, log: log);
        await next.StartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => next.Statistics.Pending(Signal.Traces) == 0 && next.Statistics.Recovered(Signal.Traces) > 0, "settled");
        Assert.Equal(19, next.Statistics.Delivered(Signal.Traces));
        Assert.Equal(1, next.Statistics.Dropped(Signal.Traces, DropCause.Corrupted));
        Assert.Contains(log.Lines, l => l.Level == LogLevel.Error && l.Text.Contains("damaged bytes", StringComparison.Ordinal));
        await StopAsync(next);
        AssertSettled(next);
    }

    [Fact]
    public async Task Two_queues_in_one_directory_are_refused_with_a_remedy_unless_one_ends_soon()
    {
        using (var other = new OtherProcess(_directory.Of("otlp")))
        {
            StorageException error = Assert.Throws<StorageException>(() => Outlet(ReservedPort.Take()));
            Assert.Contains($"in use by process {other.Id}", error.Message, StringComparison.Ordinal);
            Assert.Contains("sending_queue.storage.directory", error.Remedy, StringComparison.Ordinal);
        }
        // The outlet of a new configuration begins while that of the old one ends.
        await using GrpcCollector collector = await GrpcCollector.StartAsync();
        using OtlpGrpcOutlet before = Outlet(ReservedPort.Take());
        Publish(before, 0);
        await UntilAsync(() => before.Statistics.Storage!.Batches == 1, "stored");
        using OtlpGrpcOutlet after = Outlet(collector.Endpoint.Port);
        Publish(after, 1);
        await StopAsync(before);
        before.Dispose();
        await after.StartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => after.Statistics.Delivered(Signal.Traces) == 2, "taken over");
        Assert.Equal([0, 1], collector.Traces.Select(NumberOf));
        Assert.Equal(1, after.Statistics.Recovered(Signal.Traces));
        Assert.Null(after.Statistics.LastError);
        await StopAsync(after);
    }

    [Fact]
    public void Directories_that_can_not_be_ours_are_refused_with_a_remedy()
    {
        File.WriteAllText(_directory.Of("file"), "");
        Assert.Contains("can't be used", Refusal(_directory.Of("file")).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(_directory.Of("elsewhere"));
        Directory.CreateDirectory(_directory.Of("links"));
        File.CreateSymbolicLink(Path.Combine(_directory.Of("links"), "otlp"), _directory.Of("elsewhere"));
        Assert.Contains("a link", Refusal(_directory.Of("links")).Message, StringComparison.Ordinal);
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root gives files away");
        Directory.CreateDirectory(Path.Combine(_directory.Of("foreign"), "otlp"));
        using (Process chown = Process.Start("chown", ["12345", Path.Combine(_directory.Of("foreign"), "otlp")]))
            chown.WaitForExit();
        StorageException foreign = Refusal(_directory.Of("foreign"));
        Assert.Contains("belongs to user 12345", foreign.Message, StringComparison.Ordinal);
        Assert.Contains("chown", foreign.Remedy, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private StorageException Refusal(string directory) =>
        Assert.Throws<StorageException>(() => Outlet(ReservedPort.Take(), storage: s => s with { Directory = directory }));

    private OtlpGrpcOutlet Outlet(
        int port,
        int consumers = 1,
        Func<QueueStorageOptions, QueueStorageOptions>? storage = null,
        RecordedLog? log = null,
        TimeProvider? time = null)
    {
        var options = new QueueStorageOptions { Directory = _directory.Path };
        return new OtlpGrpcOutlet(
            new OtlpOutletOptions
            {
                Endpoint = new Uri($"http://127.0.0.1:{port}"),
                Retry = new OtlpRetryOptions
                {
                    InitialInterval = TimeSpan.FromMilliseconds(10),
                    MaxInterval = TimeSpan.FromMilliseconds(50),
                    MaxElapsedTime = TimeSpan.Zero,
                },
                Queue = new OtlpQueueOptions { Consumers = consumers, Storage = storage?.Invoke(options) ?? options },
            },
            log,
            time);
    }

    private static string Name(int number) => $"span {number}";

    private static int NumberOf(ExportTraceServiceRequest request) =>
        int.Parse(request.ResourceSpans[0].ScopeSpans[0].Spans[0].Name["span ".Length..], CultureInfo.InvariantCulture);

    private static void Publish(OtlpGrpcOutlet outlet, int number, int padding = 0) =>
        new Fanout([outlet]).Publish(SampleBatches.Spans(1, Name(number), padding));

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        long began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(3), $"not {what} after three minutes");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private static async Task StopAsync(OtlpGrpcOutlet outlet)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await outlet.StopAsync(deadline.Token);
    }

    private static void AssertSettled(OtlpGrpcOutlet outlet)
    {
        OutletStatistics s = outlet.Statistics;
        Assert.Equal(0, s.Pending(Signal.Traces));
        Assert.Equal(
            s.Offered(Signal.Traces) + s.Recovered(Signal.Traces),
            s.Delivered(Signal.Traces) + s.Dropped(Signal.Traces) + s.Stored(Signal.Traces));
        Assert.Equal(0, s.Queued);
    }
}
