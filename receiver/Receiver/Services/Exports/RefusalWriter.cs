using System.Globalization;
using System.Text;

namespace EbpfReceiver.Services.Exports;

/// <summary>Answers a request with a refusal, in the protocol that the request came by.</summary>
internal static class RefusalWriter
{
    public const string GrpcType = "application/grpc";
    public const string ProtobufType = "application/x-protobuf";
    public const string JsonType = "application/json";

    /// <summary>Whether a request is a call of gRPC, with protobuf or anything else.</summary>
    public static bool IsGrpc(HttpRequest request) =>
        request.ContentType is { } type && type.StartsWith(GrpcType, StringComparison.OrdinalIgnoreCase)
        && (type.Length == GrpcType.Length || type[GrpcType.Length] is '+' or ';');

    /// <summary>Whether a content type, whatever its parameters, is one.</summary>
    public static bool Is(string? contentType, string type) =>
        contentType is not null && contentType.AsSpan().TrimStart().StartsWith(type, StringComparison.OrdinalIgnoreCase)
        && contentType.AsSpan().TrimStart()[type.Length..].TrimStart() is [] or [';', ..];

    /// <summary>Writes the answer.</summary>
    public static Task WriteAsync(HttpContext context, Refusal refusal) =>
        IsGrpc(context.Request) ? WriteGrpc(context.Response, refusal) : WriteHttpAsync(context, refusal);

    /// <summary>An answer of headers alone ("Trailers-Only").</summary>
    private static Task WriteGrpc(HttpResponse response, Refusal refusal)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = GrpcType;
        response.Headers["grpc-status"] = ((int)refusal.Code).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Escape(refusal.Message);
        if (refusal.RetrySeconds > 0)
            response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(RefusalBody.Protobuf(refusal)).TrimEnd('=');
        if (refusal.Cause == RefusalCause.Unsupported) response.Headers["grpc-accept-encoding"] = ContentCoding.Accepted;
        return Task.CompletedTask;
    }

    private static async Task WriteHttpAsync(HttpContext context, Refusal refusal)
    {
        HttpResponse response = context.Response;
        bool protobuf = Is(context.Request.ContentType, ProtobufType);
        byte[] body = protobuf ? RefusalBody.Protobuf(refusal) : RefusalBody.Json(refusal);
        response.StatusCode = refusal.HttpStatus;
        response.ContentType = protobuf ? ProtobufType : JsonType;
        response.ContentLength = body.Length;
        if (refusal.RetrySeconds > 0) response.Headers.RetryAfter = refusal.RetrySeconds.ToString(CultureInfo.InvariantCulture);
        if (refusal.HttpStatus == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer";
        if (refusal.HttpStatus == StatusCodes.Status415UnsupportedMediaType) response.Headers.AcceptEncoding = ContentCoding.Accepted;
        await response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Percent-encodes what may not stand in the header (PROTOCOL-HTTP2.md, "Percent-Encoded").</summary>
    private static string Escape(string message)
    {
        var text = new StringBuilder(message.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(message))
        {
            if (b is >= 0x20 and <= 0x7E and not (byte)'%') text.Append((char)b);
            else text.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
