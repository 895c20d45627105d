using EbpfReceiver.Otlp;
using StatusCode = Grpc.Core.StatusCode;

namespace EbpfReceiver.Services.Exports;

/// <summary>Why a request is not served, in the words of gRPC and of HTTP.</summary>
/// <param name="Cause">What it is counted as.</param>
/// <param name="Code">The status of gRPC.</param>
/// <param name="HttpStatus">The status of HTTP.</param>
/// <param name="Message">Cause and remedy, for people.</param>
/// <param name="RetrySeconds">When the same request may come again; 0: it must not, it would be refused again.</param>
internal sealed record Refusal(RefusalCause Cause, StatusCode Code, int HttpStatus, string Message, int RetrySeconds = 0)
{
    /// <summary>What a client that can't be served now is told to wait: long enough for a queue to move.</summary>
    private const int Later = 5;

    public static Refusal Malformed(string message) =>
        new(RefusalCause.Malformed, StatusCode.InvalidArgument, StatusCodes.Status400BadRequest, message);

    public static Refusal NotARequest(Signal signal) =>
        Malformed($"The request is not a well-formed OTLP export request for {Signals.NameOf(signal)}.");

    public static Refusal WrongMethod(string method) => new(
        RefusalCause.Unsupported,
        StatusCode.Unimplemented,
        StatusCodes.Status405MethodNotAllowed,
        $"Telemetry is sent with POST, not {method}.");

    public static Refusal UnknownType(string? type) => new(
        RefusalCause.Unsupported,
        StatusCode.Unimplemented,
        StatusCodes.Status415UnsupportedMediaType,
        $"The content type '{type}' is not understood; use application/x-protobuf or application/json.");

    public static Refusal UnknownCoding(string? coding) => new(
        RefusalCause.Unsupported,
        StatusCode.Unimplemented,
        StatusCodes.Status415UnsupportedMediaType,
        $"The encoding '{coding}' is not understood; use one of {ContentCoding.Accepted}.");

    public static Refusal TooLarge(int maximum) => new(
        RefusalCause.TooLarge,
        StatusCode.ResourceExhausted,
        StatusCodes.Status413PayloadTooLarge,
        $"The request is larger than {maximum >> 20} MiB, as it came or decompressed; send less at a time, or raise "
        + "receiver.max_recv_msg_size_mib.");

    public static Refusal TooSlow(TimeSpan patience) => new(
        RefusalCause.TooSlow,
        StatusCode.DeadlineExceeded,
        StatusCodes.Status408RequestTimeout,
        $"The request came too slowly: it may take {patience.TotalSeconds:0} s (receiver.request_timeout).");

    public static Refusal QueueFull(Signal signal) => new(
        RefusalCause.QueueFull,
        StatusCode.Unavailable,
        StatusCodes.Status503ServiceUnavailable,
        $"All queues for {Signals.NameOf(signal)} are full.",
        Later);

    public static Refusal NoRoom() => new(
        RefusalCause.InFlight,
        StatusCode.Unavailable,
        StatusCodes.Status503ServiceUnavailable,
        "The requests that are being handled take as much as they may (receiver.max_in_flight_mib).",
        RetrySeconds: 1);

    public static Refusal NoMemory() => new(
        RefusalCause.Memory,
        StatusCode.Unavailable,
        StatusCodes.Status503ServiceUnavailable,
        "The receiver has reached its memory limit (memory_limit_mib).",
        Later);

    public static Refusal Unauthenticated(string key) => new(
        RefusalCause.Unauthenticated,
        StatusCode.Unauthenticated,
        StatusCodes.Status401Unauthorized,
        $"A token is required: send the header Authorization: Bearer TOKEN, with one of {key}.");

    /// <summary>What an outcome other than <see cref="BodyOutcome.Complete"/> means for the request.</summary>
    public static Refusal Of(BodyOutcome outcome, int maximum, TimeSpan patience) => outcome switch
    {
        BodyOutcome.TooLarge => TooLarge(maximum),
        BodyOutcome.NoRoom => NoRoom(),
        BodyOutcome.TooSlow => TooSlow(patience),
        _ => Malformed("The request is not compressed as its header says."),
    };
}
