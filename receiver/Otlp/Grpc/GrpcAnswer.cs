using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace EbpfReceiver.Otlp;

/// <summary>Reads the answer to a unary call: its status, in the trailers or for want of a message in the headers, and the message.</summary>
internal static class GrpcAnswer
{
    private const int PrefixBytes = 5;

    /// <summary>What became of the call.</summary>
    public static SendOutcome Read(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        if (StatusOf(response, out HttpHeaders headers) is not { } status)
            return WithoutStatus(response);
        if (status != GrpcStatus.Ok)
            return new SendOutcome(SendProtocol.Grpc, status, RetryDelayOf(headers), 0, MessageOf(headers));
        ExportResponse answer = TryReadMessage(body, out ReadOnlySpan<byte> message) ? ExportResponse.Parse(message) : ExportResponse.Complete;
        return new SendOutcome(SendProtocol.Grpc, GrpcStatus.Ok, null, answer.Rejected, answer.Message);
    }

    /// <summary>
    /// The message of the answer. One that is compressed though we did not offer to read such, or cut short, is none: the status has
    /// said already that the request was taken.
    /// </summary>
    internal static bool TryReadMessage(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> message)
    {
        message = default;
        if (body.Length < PrefixBytes || body[0] != 0)
            return false;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(body[1..]);
        if (length > (uint)(body.Length - PrefixBytes))
            return false;
        message = body.Slice(PrefixBytes, (int)length);
        return true;
    }

    /// <summary>
    /// The gRPC status that an HTTP status stands for when a proxy answered instead of a gRPC server
    /// (github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md).
    /// </summary>
    internal static int StatusOf(HttpStatusCode code) => (int)code switch
    {
        400 => GrpcStatus.Internal,
        401 => GrpcStatus.Unauthenticated,
        403 => GrpcStatus.PermissionDenied,
        404 => GrpcStatus.Unimplemented,
        429 or 502 or 503 or 504 => GrpcStatus.Unavailable,
        _ => GrpcStatus.Unknown,
    };

    private static int? StatusOf(HttpResponseMessage response, out HttpHeaders headers)
    {
        headers = response.TrailingHeaders;
        string? text = First(headers, "grpc-status");
        if (text is null)
        {
            headers = response.Headers;
            text = First(headers, "grpc-status");
        }
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int status) ? status : null;
    }

    private static SendOutcome WithoutStatus(HttpResponseMessage response)
    {
        string type = response.Content.Headers.ContentType?.MediaType ?? "no type";
        string message = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP status {(int)response.StatusCode} with a body of {type} and no gRPC status; is it an OTLP/gRPC endpoint?");
        return new SendOutcome(SendProtocol.Grpc, StatusOf(response.StatusCode), Message: message);
    }

    private static TimeSpan? RetryDelayOf(HttpHeaders headers)
    {
        if (First(headers, RpcStatusDetails.Trailer) is not { } text)
            return null;
        // Binary headers may come without the padding of base64.
        string padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        byte[] details = new byte[padded.Length];
        return Convert.TryFromBase64String(padded, details, out int length) ? RpcStatusDetails.RetryDelay(details.AsSpan(0, length)) : null;
    }

    private static string MessageOf(HttpHeaders headers) =>
        RpcStatusDetails.Text(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(First(headers, "grpc-message") ?? "")));

    private static string? First(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.ToString() : null;
}
