using System.Globalization;

namespace EbpfReceiver.Otlp;

/// <summary>How one attempt to send a batch ended.</summary>
/// <param name="Protocol">What <paramref name="Code"/> means.</param>
/// <param name="Code">The status the other side answered with.</param>
/// <param name="RetryDelay">RetryInfo or Retry-After of the answer; null when there was none.</param>
/// <param name="Rejected">Items of a partial success.</param>
/// <param name="Message">What the other side said, or the error.</param>
internal readonly record struct SendOutcome(
    SendProtocol Protocol, int Code, TimeSpan? RetryDelay = null, long Rejected = 0, string? Message = null)
{
    /// <summary>A name for people: <c>grpc UNAVAILABLE</c>, <c>HTTP 503</c>, <c>no answer</c>.</summary>
    public string Describe()
    {
        string status = Protocol switch
        {
            SendProtocol.Grpc => "gRPC status " + GrpcStatus.NameOf(Code),
            SendProtocol.Http => "HTTP status " + Code.ToString(CultureInfo.InvariantCulture),
            _ => "no answer",
        };
        return string.IsNullOrEmpty(Message) ? status : status + ": " + Message;
    }
}
