using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;

namespace EbpfReceiver.Otlp;

/// <summary>Posts the bytes of a batch, and reads status, Retry-After and partial success from the answer.</summary>
internal sealed class HttpSender : ISender
{
    /// <summary>A server that asks for more is not believed.</summary>
    private static readonly TimeSpan s_maxRetryAfter = TimeSpan.FromDays(1);

    private static readonly string[] s_paths = ["v1/traces", "v1/metrics", "v1/logs", "v1development/profiles"];

    private readonly BatchCompressor _compressor = new();
    private readonly TimeProvider _time;
    private readonly SignalRoute[] _routes;

    /// <exception cref="TlsFileException">A file of the TLS can't be used.</exception>
    public HttpSender(OtlpOutletOptions options, ILogger logger, TimeProvider time)
    {
        _time = time;
        _routes = SignalRoute.All(
            options, logger, time, (signal, own) => own.Endpoint ?? WithPath(options.Endpoint, s_paths[(int)signal]));
    }

    public async Task<SendOutcome> SendAsync(Batch batch, CancellationToken cancellationToken)
    {
        SignalRoute route = _routes[(int)batch.Signal];
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(route.Timeout);
        try
        {
            using HttpRequestMessage request = route.Request();
            request.Content = new BatchContent(
                _compressor.Compress(batch, route.Compression), BatchCompressor.NameOf(route.Compression));
            using HttpResponseMessage response = await route.Client.SendAsync(request, deadline.Token).ConfigureAwait(false);
            byte[] body = await response.Content.ReadAsByteArrayAsync(deadline.Token).ConfigureAwait(false);
            int code = (int)response.StatusCode;
            if (response.IsSuccessStatusCode)
            {
                ExportResponse answer = ExportResponse.Parse(body);
                return new SendOutcome(SendProtocol.Http, code, null, answer.Rejected, answer.Message);
            }
            TimeSpan? retryAfter = RetryAfter(response.Headers.RetryAfter, _time.GetUtcNow());
            return new SendOutcome(SendProtocol.Http, code, retryAfter, 0, MessageOf(response, body));
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string seconds = route.Timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
            return new SendOutcome(SendProtocol.NoAnswer, 0, Message: $"no answer within {seconds} s");
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

    /// <summary>Retry-After in seconds or as a date (RFC 9110, 10.2.3).</summary>
    internal static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, DateTimeOffset now)
    {
        TimeSpan? told = header?.Delta ?? (header?.Date - now);
        return told is not { } wait ? null : TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, s_maxRetryAfter.Ticks));
    }

    private static Uri WithPath(Uri endpoint, string path)
    {
        string text = endpoint.GetLeftPart(UriPartial.Path);
        return new Uri(text.EndsWith('/') ? text + path : text + "/" + path);
    }

    /// <summary>Servers answer an error with a google.rpc.Status or with text.</summary>
    private static string MessageOf(HttpResponseMessage response, byte[] body)
    {
        if (response.StatusCode == HttpStatusCode.NotFound)
            return "no such path; is it an OTLP/HTTP endpoint?";
        string? type = response.Content.Headers.ContentType?.MediaType;
        if (type == "application/x-protobuf")
            return RpcStatusDetails.Message(body);
        return type is "text/plain" or "application/json" ? RpcStatusDetails.Text(body) : response.ReasonPhrase ?? "";
    }
}
