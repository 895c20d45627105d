using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace EbpfReceiver.Otlp.Tests.Faults;

/// <summary>
/// A server for spans by OTLP/gRPC or OTLP/HTTP on nothing but Kestrel, which can be stopped and started on its port. It keeps the names
/// of the spans whose request it answered with success.
/// </summary>
internal sealed class BareCollector(bool isGrpc) : IAsyncDisposable
{
    private WebApplication? _app;
    private readonly int _port = ReservedPort.Take();

    /// <summary>Called before a request is answered; true: it has answered itself.</summary>
    public Func<HttpContext, Task<bool>> OnRequest { get; set; } = _ => Task.FromResult(false);

    public ConcurrentQueue<string> Taken { get; } = [];

    public int Port => _port;

    public async Task<BareCollector> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, _port, listen => listen.Protocols = isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1);
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
        return this;
    }

    /// <summary>Lets requests under way end, tells clients to go away, and closes.</summary>
    public async Task StopAsync(int milliseconds = 2000)
    {
        using var soon = new CancellationTokenSource(milliseconds);
        await _app!.StopAsync(soon.Token);
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await StopAsync(100);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (await OnRequest(context))
            return;
        ReadOnlySpan<byte> message = body.ToArray();
        foreach (var spans in ExportTraceServiceRequest.Parser.ParseFrom(isGrpc ? message[5..] : message).ResourceSpans)
        {
            foreach (var span in spans.ScopeSpans.SelectMany(scope => scope.Spans))
                Taken.Enqueue(span.Name);
        }
        context.Response.ContentType = isGrpc ? "application/grpc" : "application/x-protobuf";
        if (!isGrpc)
            return;
        context.Response.AppendTrailer("grpc-status", "0");
        context.Response.BodyWriter.Write<byte>([0, 0, 0, 0, 0]);
        await context.Response.BodyWriter.FlushAsync();
    }
}
