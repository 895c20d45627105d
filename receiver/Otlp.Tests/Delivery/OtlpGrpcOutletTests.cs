using System.Diagnostics;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace EbpfReceiver.Otlp.Tests.Delivery;

public sealed partial class OtlpGrpcOutletTests
{
    private static readonly OtlpRetryOptions s_fast = new()
    {
        InitialInterval = TimeSpan.FromMilliseconds(10),
        MaxInterval = TimeSpan.FromMilliseconds(20),
        MaxElapsedTime = TimeSpan.FromMinutes(2),
    };

    [Theory]
    [InlineData(OtlpCompression.None)]
    [InlineData(OtlpCompression.Gzip)]
    [InlineData(OtlpCompression.Zstd)]
    public async Task A_real_server_reads_the_same_request_with_headers_and_agent(OtlpCompression compression)
    {
        await using GrpcCollector collector = await GrpcCollector.StartAsync();
        using var outlet = new OtlpGrpcOutlet(Options(collector) with
        {
            Compression = compression,
            Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer x" },
        });
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        Batch spans = SampleBatches.Spans(1000);
        ExportTraceServiceRequest expected = ExportTraceServiceRequest.Parser.ParseFrom(spans.Bytes.Span);
        Publish(outlet, spans, SampleBatches.Logs(3), SampleBatches.Metrics(4));
        await StopAsync(outlet);

        Assert.Equal(expected, Assert.Single(collector.Traces));
        Assert.Equal(3, Assert.Single(collector.Logs).ResourceLogs[0].ScopeLogs[0].LogRecords.Count);
        Assert.Equal(4, Assert.Single(collector.Metrics).ResourceMetrics[0].ScopeMetrics[0].Metrics[0].Sum.DataPoints.Count);
        Assert.Equal(1000, outlet.Statistics.Delivered(Signal.Traces));
        Assert.Equal(3, outlet.Statistics.Delivered(Signal.Logs));
        Assert.Equal(4, outlet.Statistics.Delivered(Signal.Metrics));
        Assert.Equal(0, outlet.Statistics.Queued);
        foreach (Dictionary<string, string> headers in collector.Headers)
        {
            Assert.Equal("Bearer x", headers["authorization"]);
            Assert.StartsWith("OTel-OTLP-Exporter-ebpf-receiver/0.1.0", headers["user-agent"], StringComparison.Ordinal);
            Assert.Equal(BatchCompressor.NameOf(compression), headers.GetValueOrDefault("grpc-encoding"));
        }
    }

    [Theory]
    [InlineData(Grpc.Core.StatusCode.Cancelled, true)]
    [InlineData(Grpc.Core.StatusCode.Unknown, false)]
    [InlineData(Grpc.Core.StatusCode.InvalidArgument, false)]
    [InlineData(Grpc.Core.StatusCode.DeadlineExceeded, true)]
    [InlineData(Grpc.Core.StatusCode.NotFound, false)]
    [InlineData(Grpc.Core.StatusCode.AlreadyExists, false)]
    [InlineData(Grpc.Core.StatusCode.PermissionDenied, false)]
    [InlineData(Grpc.Core.StatusCode.ResourceExhausted, false)]
    [InlineData(Grpc.Core.StatusCode.FailedPrecondition, false)]
    [InlineData(Grpc.Core.StatusCode.Aborted, true)]
    [InlineData(Grpc.Core.StatusCode.OutOfRange, true)]
    [InlineData(Grpc.Core.StatusCode.Unimplemented, false)]
    [InlineData(Grpc.Core.StatusCode.Internal, false)]
    [InlineData(Grpc.Core.StatusCode.Unavailable, true)]
    [InlineData(Grpc.Core.StatusCode.DataLoss, true)]
    [InlineData(Grpc.Core.StatusCode.Unauthenticated, false)]
    public async Task A_status_is_retried_until_it_passes_or_not_at_all(Grpc.Core.StatusCode status, bool retried)
    {
        await using GrpcCollector collector = await GrpcCollector.StartAsync();
        int calls = 0;
        collector.OnTraces = (_, _) => Interlocked.Increment(ref calls) <= 2
            ? throw new RpcException(new Status(status, "said no"))
            : Task.FromResult(new ExportTraceServiceResponse());
        var log = new RecordedLog();
        using var outlet = new OtlpGrpcOutlet(Options(collector), log);
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        Publish(outlet, SampleBatches.Spans(7));
        await SettledAsync(outlet);

        OutletStatistics statistics = outlet.Statistics;
        Assert.Equal(retried ? 3 : 1, calls);
        Assert.Equal(retried ? 2 : 0, statistics.Retries);
        Assert.Equal(retried ? 7 : 0, statistics.Delivered(Signal.Traces));
        Assert.Equal(retried ? 0 : 7, statistics.Dropped(Signal.Traces, DropCause.NotRetryable));
        if (retried)
            Assert.Equal([LogLevel.Warning, LogLevel.Information], log.Lines.Select(l => l.Level));
        else
            Assert.Contains("said no", Assert.Single(log.Lines).Text, StringComparison.Ordinal);
        await StopAsync(outlet);
    }

    [Fact]
    public async Task A_server_that_hangs_runs_into_the_deadline_and_is_asked_again()
    {
        await using GrpcCollector collector = await GrpcCollector.StartAsync();
        int calls = 0;
        collector.OnTraces = async (_, context) =>
        {
            if (Interlocked.Increment(ref calls) == 1)
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return new ExportTraceServiceResponse();
        };
        // Long enough for the second request on a machine that is busy.
        using var outlet = new OtlpGrpcOutlet(Options(collector) with { Timeout = TimeSpan.FromSeconds(3) });
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        Publish(outlet, SampleBatches.Spans(4));
        await SettledAsync(outlet);

        Assert.Equal(2, calls);
        Assert.Equal(4, outlet.Statistics.Delivered(Signal.Traces));
        await StopAsync(outlet);
    }

    [Fact]
    public async Task A_collector_that_comes_late_gets_all_that_fits_the_queue_and_the_rest_is_counted()
    {
        int port = ReservedPort.Take();
        var log = new RecordedLog();
        using var outlet = new OtlpGrpcOutlet(
            new OtlpOutletOptions
            {
                Endpoint = new Uri($"http://127.0.0.1:{port}"),
                Retry = s_fast,
                Queue = new OtlpQueueOptions { Size = 10, Consumers = 2 },
            },
            log);
        var fanout = new Fanout([outlet]);
        for (int i = 0; i < 20; i++)
            fanout.Publish(SampleBatches.Spans(1));
        Assert.Equal(10, outlet.Statistics.Dropped(Signal.Traces, DropCause.QueueFull));
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        while (outlet.Statistics.Retries < 4)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        Assert.Equal(0, outlet.Statistics.Delivered(Signal.Traces));

        await using GrpcCollector collector = await GrpcCollector.StartAsync(port);
        await SettledAsync(outlet);
        Assert.Equal(10, outlet.Statistics.Delivered(Signal.Traces));
        AssertBalanced(outlet, Signal.Traces, produced: 20);
        await StopAsync(outlet);
    }

    [Fact]
    public async Task Bytes_bound_the_queue_too()
    {
        using var outlet = new OtlpGrpcOutlet(new OtlpOutletOptions { Endpoint = new Uri("http://127.0.0.1:1"), Queue = new OtlpQueueOptions { MaxBytes = 70_000 } });
        int accepted = 0;
        for (int i = 0; i < 10; i++)
        {
            Batch batch = SampleBatches.Spans(1, padding: 20_000);
            if (outlet.TryAccept(batch))
                accepted++;
            else
                batch.Release();
        }
        Assert.Equal(2, accepted);
        await StopAsync(outlet);
    }

    [Fact]
    public async Task Stopping_keeps_its_deadline_when_the_server_hangs_and_counts_what_was_left()
    {
        await using GrpcCollector collector = await GrpcCollector.StartAsync();
        collector.OnTraces = async (_, context) =>
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return new ExportTraceServiceResponse();
        };
        using var outlet = new OtlpGrpcOutlet(
            Options(collector) with { Timeout = TimeSpan.FromMinutes(5), Queue = new OtlpQueueOptions { Consumers = 2 } });
        var fanout = new Fanout([outlet]);
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        for (int i = 0; i < 6; i++)
            fanout.Publish(SampleBatches.Spans(5));
        long began = Stopwatch.GetTimestamp();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await outlet.StopAsync(deadline.Token);

        // The deadline of the stop, and not the one of a request.
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0.4, 120);
        Assert.Equal(30, outlet.Statistics.Dropped(Signal.Traces, DropCause.Expired));
        AssertBalanced(outlet, Signal.Traces, produced: 30);
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_backoff_but_tries_once_more()
    {
        await using GrpcCollector collector = await GrpcCollector.StartAsync();
        int calls = 0;
        collector.OnTraces = (_, _) => Interlocked.Increment(ref calls) == 1
            ? throw new RpcException(new Status(Grpc.Core.StatusCode.Unavailable, ""))
            : Task.FromResult(new ExportTraceServiceResponse());
        var wait = TimeSpan.FromMinutes(20);
        OtlpRetryOptions patient = new() { InitialInterval = wait, MaxInterval = wait, MaxElapsedTime = TimeSpan.FromDays(1) };
        using var outlet = new OtlpGrpcOutlet(Options(collector) with { Retry = patient });
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        Publish(outlet, SampleBatches.Spans(5));
        while (Volatile.Read(ref calls) == 0)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        await StopAsync(outlet);

        // Its deadline is over long before the wait would be, and then they would have expired.
        Assert.Equal(5, outlet.Statistics.Delivered(Signal.Traces));
    }

    [Fact]
    public async Task A_request_of_nearly_four_mebibytes_is_taken_by_a_stock_server()
    {
        await using GrpcCollector collector = await GrpcCollector.StartAsync();
        using var outlet = new OtlpGrpcOutlet(Options(collector) with { Compression = OtlpCompression.None });
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        Batch large = SampleBatches.Spans(1, padding: 900_000);
        byte[] bytes = [.. large.Bytes.Span, .. large.Bytes.Span, .. large.Bytes.Span, .. large.Bytes.Span];
        large.Release();
        Publish(outlet, Batch.Copy(Signal.Traces, 4, bytes));
        await SettledAsync(outlet);
        Assert.Equal(4, outlet.Statistics.Delivered(Signal.Traces));
        await StopAsync(outlet);
    }

    [Fact]
    public async Task A_connection_that_breaks_in_the_middle_is_made_again()
    {
        int port = ReservedPort.Take();
        var options = new OtlpOutletOptions { Endpoint = new Uri($"http://127.0.0.1:{port}"), Retry = s_fast };
        using var outlet = new OtlpGrpcOutlet(options);
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        await using (GrpcCollector first = await GrpcCollector.StartAsync(port))
        {
            first.OnTraces = async (_, context) =>
            {
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return new ExportTraceServiceResponse();
            };
            Publish(outlet, SampleBatches.Spans(6));
            while (first.Traces.IsEmpty)
                await Task.Delay(5, TestContext.Current.CancellationToken);
        }
        await using GrpcCollector second = await GrpcCollector.StartAsync(port);
        await SettledAsync(outlet);
        Assert.Equal(6, outlet.Statistics.Delivered(Signal.Traces));
        Assert.Single(second.Traces);
        await StopAsync(outlet);
    }

    [Fact]
    public async Task A_batch_that_cannot_be_delivered_in_time_expires()
    {
        OtlpRetryOptions impatient = s_fast with { MaxElapsedTime = TimeSpan.FromMilliseconds(100) };
        var log = new RecordedLog();
        OtlpOutletOptions options = new() { Endpoint = new Uri($"http://127.0.0.1:{ReservedPort.Take()}"), Retry = impatient };
        using var outlet = new OtlpGrpcOutlet(options, log, new VirtualTime());
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        Publish(outlet, SampleBatches.Spans(6));
        await SettledAsync(outlet);
        Assert.Equal(6, outlet.Statistics.Dropped(Signal.Traces, DropCause.Expired));
        Assert.Equal([LogLevel.Warning, LogLevel.Error], log.Lines.Select(l => l.Level));
        await StopAsync(outlet);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TLS_is_checked_against_the_authority_that_was_named(bool named)
    {
        using TestCertificates certificates = TestCertificates.Create("localhost");
        await using GrpcCollector collector = await GrpcCollector.StartAsync(certificate: certificates.Server);
        using var outlet = new OtlpGrpcOutlet(new OtlpOutletOptions
        {
            Endpoint = new Uri($"https://localhost:{collector.Endpoint.Port}"),
            Tls = named ? new OtlpTlsOptions { CaFile = certificates.CaFile } : null,
            Retry = s_fast with { Enabled = false },
        });
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        Publish(outlet, SampleBatches.Spans(6));
        await SettledAsync(outlet);
        Assert.Equal(named ? 6 : 0, outlet.Statistics.Delivered(Signal.Traces));
        Assert.Equal(named ? 0 : 6, outlet.Statistics.Dropped(Signal.Traces, DropCause.NotRetryable));
        await StopAsync(outlet);
    }

    [Fact]
    public async Task A_unix_socket_will_do()
    {
        string path = Path.Combine(Path.GetTempPath(), $"otlp-{Guid.NewGuid():N}.sock");
        await using GrpcCollector collector = await GrpcCollector.StartAsync(socket: path);
        using var outlet = new OtlpGrpcOutlet(new OtlpOutletOptions { Endpoint = new Uri("unix://" + path), Retry = s_fast });
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        Publish(outlet, SampleBatches.Spans(6));
        await SettledAsync(outlet);
        Assert.Equal(6, outlet.Statistics.Delivered(Signal.Traces));
        await StopAsync(outlet);
    }

    private static OtlpOutletOptions Options(GrpcCollector collector) => new() { Endpoint = collector.Endpoint, Retry = s_fast };

    private static void Publish(IOutlet outlet, params Batch[] batches)
    {
        var fanout = new Fanout([outlet]);
        foreach (Batch batch in batches)
            fanout.Publish(batch);
    }

    private static void AssertBalanced(IOutlet outlet, Signal signal, long produced)
    {
        OutletStatistics statistics = outlet.Statistics;
        Assert.Equal(produced, statistics.Offered(signal));
        Assert.Equal(produced, statistics.Delivered(signal) + statistics.Dropped(signal));
        Assert.Equal(0, statistics.Pending(signal));
        Assert.Equal(0, statistics.Queued);
    }

    private static async Task SettledAsync(IOutlet outlet)
    {
        for (int i = 0; i < 24_000 && outlet.Statistics.Queued > 0; i++)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        Assert.Equal(0, outlet.Statistics.Queued);
    }

    private static async Task StopAsync(IOutlet outlet)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await outlet.StopAsync(deadline.Token);
    }
}
