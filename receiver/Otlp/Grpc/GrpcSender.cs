using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Calls the Export methods with the bytes of the batch as they are, in frames of our own over HTTP/2
/// (github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md): a unary call needs no more, and a general client copies what it sends.
/// </summary>
internal sealed class GrpcSender : ISender
{
    /// <summary>grpc-timeout holds eight digits.</summary>
    private const long MaxTimeoutMilliseconds = 99_999_999;

    private static readonly string[] s_paths =
    [
        "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
        "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
        "/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export",
    ];

    private readonly BatchCompressor _compressor = new();
    private readonly SignalRoute[] _routes;

    /// <exception cref="TlsFileException">A file of the TLS can't be used.</exception>
    public GrpcSender(OtlpOutletOptions options, ILogger logger, TimeProvider time) =>
        _routes = SignalRoute.All(options, logger, time, (signal, own) => MethodAt(own.Endpoint ?? options.Endpoint, signal));

    public async Task<SendOutcome> SendAsync(Batch batch, CancellationToken cancellationToken)
    {
        SignalRoute route = _routes[(int)batch.Signal];
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(route.Timeout);
        try
        {
            using HttpRequestMessage request = Request(route, batch);
            using HttpResponseMessage response = await route.Client.SendAsync(request, deadline.Token).ConfigureAwait(false);
            byte[] body = await response.Content.ReadAsByteArrayAsync(deadline.Token).ConfigureAwait(false);
            return GrpcAnswer.Read(response, body);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string seconds = route.Timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
            return new SendOutcome(SendProtocol.Grpc, GrpcStatus.DeadlineExceeded, Message: $"no answer within {seconds} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new SendOutcome(SendProtocol.NoAnswer, 0, Message: e.Message);
        }
    }

    public void Dispose()
    {
        foreach (SignalRoute route in _routes)
            route.Client.Dispose();
        _compressor.Dispose();
    }

    private HttpRequestMessage Request(SignalRoute route, Batch batch)
    {
        HttpRequestMessage request = route.Request();
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Headers.TryAddWithoutValidation("te", "trailers");
        long milliseconds = Math.Min((long)route.Timeout.TotalMilliseconds, MaxTimeoutMilliseconds);
        request.Headers.TryAddWithoutValidation("grpc-timeout", milliseconds.ToString(CultureInfo.InvariantCulture) + "m");
        string? encoding = BatchCompressor.NameOf(route.Compression);
        if (encoding is not null)
            request.Headers.TryAddWithoutValidation("grpc-encoding", encoding);
        request.Content = new GrpcContent(_compressor.Compress(batch, route.Compression), encoding is not null);
        return request;
    }

    private static Uri MethodAt(Uri endpoint, Signal signal) =>
        new(endpoint.Scheme == "unix" ? new Uri("http://localhost") : endpoint, s_paths[(int)signal]);
}
