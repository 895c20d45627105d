using System.Net;
using EbpfReceiver.Otlp;
using EbpfReceiver.Probes;

namespace EbpfReceiver.Tests.Services;

public class HttpPagesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_process_is_alive_whatever_its_probes_do()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Probes.Set("tcp", ProbeState.Failed);
        Assert.Equal("ok\n", await server.Pages.GetStringAsync("/healthz", Cancel));
    }

    [Fact]
    public async Task It_is_ready_only_when_a_probe_runs_and_says_why_it_is_not()
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.Equal("ready\ndns: disabled\ntcp: running\n", await server.Pages.GetStringAsync("/readyz", Cancel));

        server.Probes.Set("tcp", ProbeState.Degraded);
        Assert.Equal(
            "ready\ndns: disabled\ntcp: degraded: The tracepoint is not there.\n", await server.Pages.GetStringAsync("/readyz", Cancel));

        server.Probes.Set("tcp", ProbeState.Failed);
        using HttpResponseMessage response = await server.Pages.GetAsync("/readyz", Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("not ready\ndns: disabled\ntcp: failed\n", await response.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Metrics_are_in_the_format_that_the_scraper_asks_for()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Parts.Fanout.Publish(Samples.BatchOf(Signal.Metrics, 2, Samples.Points()));
        using HttpResponseMessage plain = await server.Pages.GetAsync("/metrics", Cancel);
        Assert.Equal("text/plain", plain.Content.Headers.ContentType!.MediaType);
        Assert.Contains("shop_orders_total{", await plain.Content.ReadAsStringAsync(Cancel));

        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
        using HttpResponseMessage open = await server.Pages.SendAsync(request, Cancel);
        Assert.Equal("application/openmetrics-text", open.Content.Headers.ContentType!.MediaType);
        Assert.EndsWith("# EOF\n", await open.Content.ReadAsStringAsync(Cancel));
    }
}
