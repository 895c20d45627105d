using System.Text;
using EbpfReceiver.Otlp;
using EbpfReceiver.Probes;
using EbpfReceiver.Services.Access;

namespace EbpfReceiver.Services;

/// <summary>The pages for scrapers and orchestrators: <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c>.</summary>
/// <param name="probes">The probes.</param>
/// <param name="metrics">What scrapers read; null if there is no metrics page.</param>
/// <param name="stall">Why nothing is seen although probes run; null if it is.</param>
internal sealed class HttpPages(IProbeDirectory probes, PrometheusOutlet? metrics, Func<string?> stall)
{
    private const string PlainText = "text/plain; charset=utf-8";

    /// <summary>Maps the pages.</summary>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/healthz", WriteHealth).WithMetadata(new PageAccess(IsOpen: true));
        endpoints.MapGet("/readyz", WriteReadiness).WithMetadata(new PageAccess(IsOpen: true));
        if (metrics is not null) endpoints.MapGet("/metrics", WriteMetrics).WithMetadata(new PageAccess(IsOpen: false));
    }

    /// <summary>The process answers: that is all there is to being alive.</summary>
    private static Task WriteHealth(HttpContext context) => WriteText(context, "ok\n");

    private Task WriteReadiness(HttpContext context)
    {
        IReadOnlyList<ProbeStatus> all = probes.List();
        string? hanging = stall();
        bool ready = hanging is null && Readiness.IsReady(all);
        context.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        var text = new StringBuilder(ready ? "ready\n" : "not ready\n");
        if (hanging is not null) text.Append(hanging).Append('\n');
        foreach (ProbeStatus probe in all)
        {
            text.Append(probe.Name).Append(": ").Append(probe.State.ToString().ToLowerInvariant());
            if (probe.Reasons.Count > 0) text.Append(": ").Append(probe.Reasons[0].Text);
            text.Append('\n');
        }

        return WriteText(context, text.ToString());
    }

    private async Task WriteMetrics(HttpContext context)
    {
        using var page = new PageBuffer();
        context.Response.ContentType = metrics!.Render(context.Request.Headers.Accept.ToString(), page);
        context.Response.ContentLength = page.Length;
        await page.WriteToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
    }

    private static Task WriteText(HttpContext context, string text)
    {
        context.Response.ContentType = PlainText;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
