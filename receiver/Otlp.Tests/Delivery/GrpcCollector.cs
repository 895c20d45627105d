using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;
using ZstdSharp;

namespace EbpfReceiver.Otlp.Tests.Delivery;

/// <summary>A real gRPC server with the OTLP services, whose answers a test chooses.</summary>
internal sealed class GrpcCollector : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GrpcCollector(WebApplication app) => _app = app;

    /// <summary>Called for each trace request; throws an RpcException to fail it.</summary>
    public Func<ExportTraceServiceRequest, ServerCallContext, Task<ExportTraceServiceResponse>> OnTraces { get; set; } =
        (_, _) => Task.FromResult(new ExportTraceServiceResponse());

    public ConcurrentQueue<ExportTraceServiceRequest> Traces { get; } = [];

    public ConcurrentQueue<ExportMetricsServiceRequest> Metrics { get; } = [];

    public ConcurrentQueue<ExportLogsServiceRequest> Logs { get; } = [];

    public ConcurrentQueue<Dictionary<string, string>> Headers { get; } = [];

    /// <summary>Thumbprints of the certificates that clients showed, and the ids of their connections.</summary>
    public ConcurrentQueue<(string? Thumbprint, string Connection)> Clients { get; } = [];

    public Uri Endpoint => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<GrpcCollector> StartAsync(
        int port = 0, X509Certificate2? certificate = null, string? socket = null, int? maxMessageBytes = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        void Listen(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http2;
            if (certificate is not null)
            {
                listen.UseHttps(certificate, https =>
                {
                    https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                    https.AllowAnyClientCertificate();
                });
            }
        }

        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            if (socket is not null)
                kestrel.ListenUnixSocket(socket, Listen);
            else
                kestrel.Listen(IPAddress.Loopback, port, Listen);
        });
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = maxMessageBytes ?? grpc.MaxReceiveMessageSize;
            grpc.CompressionProviders.Add(new GzipCompressionProvider(CompressionLevel.Fastest));
            grpc.CompressionProviders.Add(new ZstdProvider());
        });
        GrpcCollector? collector = null;
        builder.Services.AddSingleton(_ => collector!);
        WebApplication app = builder.Build();
        app.Use(async (context, next) =>
        {
            collector!.Headers.Enqueue(context.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()));
            collector.Clients.Enqueue((context.Connection.ClientCertificate?.Thumbprint, context.Connection.Id));
            await next();
        });
        app.MapGrpcService<TraceEndpoint>();
        app.MapGrpcService<MetricsEndpoint>();
        app.MapGrpcService<LogsEndpoint>();
        collector = new GrpcCollector(app);
        await app.StartAsync();
        return collector;
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }

    private sealed class ZstdProvider : ICompressionProvider
    {
        public string EncodingName => "zstd";

        public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) => new CompressionStream(stream);

        public Stream CreateDecompressionStream(Stream stream) => new DecompressionStream(stream);
    }

    private sealed class TraceEndpoint(GrpcCollector collector) : TraceService.TraceServiceBase
    {
        public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
        {
            collector.Traces.Enqueue(request);
            return collector.OnTraces(request, context);
        }
    }

    private sealed class MetricsEndpoint(GrpcCollector collector) : MetricsService.MetricsServiceBase
    {
        public override Task<ExportMetricsServiceResponse> Export(ExportMetricsServiceRequest request, ServerCallContext context)
        {
            collector.Metrics.Enqueue(request);
            return Task.FromResult(new ExportMetricsServiceResponse());
        }
    }

    private sealed class LogsEndpoint(GrpcCollector collector) : LogsService.LogsServiceBase
    {
        public override Task<ExportLogsServiceResponse> Export(ExportLogsServiceRequest request, ServerCallContext context)
        {
            collector.Logs.Enqueue(request);
            return Task.FromResult(new ExportLogsServiceResponse());
        }
    }
}
