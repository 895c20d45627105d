using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace EbpfReceiver.Otlp.Tests.Delivery;

public sealed class OtlpHttpOutletTests : IAsyncLifetime
{
    private static readonly OtlpRetryOptions s_fast = new()
    {
        InitialInterval = TimeSpan.FromMilliseconds(10),
        MaxInterval = TimeSpan.FromMilliseconds(20),
    };

    private readonly ConcurrentQueue<(string Path, Dictionary<string, string> Headers, byte[] Body)> _requests = [];
    private Func<HttpContext, int, Task> _answer = (_, _) => Task.CompletedTask;
    private WebApplication? _app;

    private string Address => _app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = new MemoryStream();
            Stream input = context.Request.Headers.ContentEncoding.ToString() switch
            {
                "gzip" => new GZipStream(context.Request.Body, CompressionMode.Decompress),
                "zstd" => new ZstdSharp.DecompressionStream(context.Request.Body),
                _ => context.Request.Body,
            };
            await input.CopyToAsync(body);
            _requests.Enqueue((
                context.Request.Path,
                context.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()),
                body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
            await _answer(context, _requests.Count);
        });
        await _app.StartAsync();
    }

    [Theory]
    [InlineData(OtlpCompression.None)]
    [InlineData(OtlpCompression.Gzip)]
    [InlineData(OtlpCompression.Zstd)]
    public async Task Requests_arrive_at_the_signal_paths_as_they_are(OtlpCompression compression)
    {
        using var outlet = Outlet(new OtlpOutletOptions
        {
            Endpoint = new Uri(Address),
            Compression = compression,
            Headers = new Dictionary<string, string> { ["X-Tenant"] = "t" },
        });
        Batch spans = SampleBatches.Spans(500);
        byte[] bytes = spans.Bytes.ToArray();
        await RunAsync(outlet, spans, SampleBatches.Logs(2), SampleBatches.Metrics(1), Batch.Copy(Signal.Profiles, 1, [0x0a, 0]));

        Assert.Equal(
            ["/v1/logs", "/v1/metrics", "/v1/traces", "/v1development/profiles"],
            _requests.Select(r => r.Path).Order(StringComparer.Ordinal));
        (_, Dictionary<string, string> headers, byte[] body) = _requests.Single(r => r.Path == "/v1/traces");
        Assert.Equal(bytes, body);
        Assert.Equal("application/x-protobuf", headers["content-type"]);
        Assert.Equal("t", headers["x-tenant"]);
        Assert.StartsWith("OTel-OTLP-Exporter-ebpf-receiver/", headers["user-agent"], StringComparison.Ordinal);
        Assert.True(headers.ContainsKey("content-length"));
        Assert.Equal(500, outlet.Statistics.Delivered(Signal.Traces));
        var logs = ExportLogsServiceRequest.Parser.ParseFrom(_requests.Single(r => r.Path == "/v1/logs").Body);
        Assert.Equal(2, logs.ResourceLogs[0].ScopeLogs[0].LogRecords.Count);
    }

    [Theory]
    [InlineData(429, true)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(404, false)]
    [InlineData(500, false)]
    public async Task A_status_is_retried_or_not(int status, bool retried)
    {
        _answer = (context, number) =>
        {
            if (number == 1)
                context.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        using var outlet = Outlet(new OtlpOutletOptions { Endpoint = new Uri(Address), Retry = s_fast });
        await RunAsync(outlet, SampleBatches.Spans(3));
        Assert.Equal(retried ? 2 : 1, _requests.Count);
        Assert.Equal(retried ? 3 : 0, outlet.Statistics.Delivered(Signal.Traces));
        Assert.Equal(retried ? 0 : 3, outlet.Statistics.Dropped(Signal.Traces, DropCause.NotRetryable));
        Assert.StartsWith($"HTTP status {status}", outlet.Statistics.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_After_sets_the_wait()
    {
        var times = new ConcurrentQueue<long>();
        _answer = (context, number) =>
        {
            times.Enqueue(Stopwatch.GetTimestamp());
            if (number == 1)
            {
                context.Response.StatusCode = 429;
                context.Response.Headers.RetryAfter = "1";
            }
            return Task.CompletedTask;
        };
        using var outlet = Outlet(new OtlpOutletOptions { Endpoint = new Uri(Address), Retry = s_fast });
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        new Fanout([outlet]).Publish(SampleBatches.Spans(3));
        await SettledAsync(outlet);
        Assert.Equal(3, outlet.Statistics.Delivered(Signal.Traces));
        long[] at = [.. times];
        Assert.InRange(Stopwatch.GetElapsedTime(at[0], at[1]).TotalMilliseconds, 980, 120_000);
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("Wed, 25 Nov 2026 12:00:30 GMT", 30)]
    [InlineData("Wed, 25 Nov 2026 11:00:00 GMT", 0)]
    [InlineData("99999999", 86400)]
    [InlineData("soon", null)]
    public void Retry_After_is_seconds_or_a_date(string header, int? seconds)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        response.Headers.TryAddWithoutValidation("Retry-After", header);
        var now = new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(seconds, (int?)HttpSender.RetryAfter(response.Headers.RetryAfter, now)?.TotalSeconds);
    }

    [Fact]
    public async Task A_body_over_the_servers_limit_is_sent_in_halves_down_to_the_item_that_is_too_large()
    {
        int taken = 0;
        _answer = (context, _) =>
        {
            byte[] body = _requests.Last().Body;
            if (body.Length > 50_000)
                context.Response.StatusCode = 413;
            else
                taken += ExportTraceServiceRequest.Parser.ParseFrom(body).ResourceSpans[0].ScopeSpans[0].Spans.Count;
            return Task.CompletedTask;
        };
        using var outlet = Outlet(new OtlpOutletOptions { Endpoint = new Uri(Address), Queue = new OtlpQueueOptions { Consumers = 1 } });
        await RunAsync(outlet, SampleBatches.Spans(30, padding: 10_000), SampleBatches.Spans(1, padding: 60_000));
        Assert.Equal((30, 30L), (taken, outlet.Statistics.Delivered(Signal.Traces)));
        Assert.Equal(1, outlet.Statistics.Dropped(Signal.Traces, DropCause.TooLarge));
        Assert.Equal(0, outlet.Statistics.Pending(Signal.Traces));
    }

    [Fact]
    public async Task A_partial_success_is_counted()
    {
        _answer = async (context, _) => await context.Response.BodyWriter.WriteAsync(new ExportTraceServiceResponse
        {
            PartialSuccess = new ExportTracePartialSuccess { RejectedSpans = 2, ErrorMessage = "why" },
        }.ToByteArray());
        using var outlet = Outlet(new OtlpOutletOptions { Endpoint = new Uri(Address) });
        await RunAsync(outlet, SampleBatches.Spans(5));
        Assert.Equal((3L, 2L), (outlet.Statistics.Delivered(Signal.Traces), outlet.Statistics.Dropped(Signal.Traces, DropCause.Rejected)));
    }

    [Fact]
    public async Task A_signal_can_go_elsewhere_or_nowhere()
    {
        using var outlet = Outlet(new OtlpOutletOptions
        {
            Endpoint = new Uri(Address + "/base"),
            PerSignal = new Dictionary<Signal, OtlpSignalOptions>
            {
                [Signal.Traces] = new()
                {
                    Endpoint = new Uri(Address + "/other/traces"),
                    Headers = new Dictionary<string, string> { ["X-A"] = "b" },
                },
                [Signal.Metrics] = new() { Enabled = false },
            },
        });
        await RunAsync(outlet, SampleBatches.Spans(1), SampleBatches.Logs(1), SampleBatches.Metrics(1));
        Assert.Equal(["/base/v1/logs", "/other/traces"], _requests.Select(r => r.Path).Order(StringComparer.Ordinal));
        Assert.Equal("b", _requests.Single(r => r.Path == "/other/traces").Headers["x-a"]);
        Assert.Equal(0, outlet.Statistics.Offered(Signal.Metrics));
    }

    [Fact]
    public async Task A_server_that_hangs_runs_into_the_timeout_and_is_asked_again()
    {
        _answer = async (context, number) =>
        {
            if (number == 1)
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        using var outlet = Outlet(new OtlpOutletOptions
        {
            Endpoint = new Uri(Address),
            Retry = s_fast,
            Timeout = TimeSpan.FromSeconds(3), // long enough for the second request on a machine that is busy
        });
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        new Fanout([outlet]).Publish(SampleBatches.Spans(5));
        await SettledAsync(outlet);
        Assert.Equal((2, 5L), (_requests.Count, outlet.Statistics.Delivered(Signal.Traces)));
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(100);
        await _app!.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }

    private static OtlpHttpOutlet Outlet(OtlpOutletOptions options) => new(options);

    private static async Task RunAsync(IOutlet outlet, params Batch[] batches)
    {
        var fanout = new Fanout([outlet]);
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        foreach (Batch batch in batches)
            fanout.Publish(batch);
        await SettledAsync(outlet);
        await outlet.StopAsync(CancellationToken.None);
    }

    private static async Task SettledAsync(IOutlet outlet)
    {
        for (int i = 0; i < 24_000 && outlet.Statistics.Queued > 0; i++)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        Assert.Equal(0, outlet.Statistics.Queued);
    }
}
