namespace EbpfReceiver.Otlp;

/// <summary>
/// The OTLP rules for failed requests (opentelemetry.io/docs/specs/otlp, "Failures" of OTLP/gRPC and OTLP/HTTP) as one pure
/// function.
/// </summary>
/// <param name="Action">What to do.</param>
/// <param name="Delay">How long to wait before a retry.</param>
/// <param name="Cause">Why it is dropped.</param>
internal readonly record struct RetryDecision(RetryAction Action, TimeSpan Delay = default, DropCause Cause = default)
{
    /// <summary>Decides after an attempt.</summary>
    /// <param name="outcome">How the attempt ended.</param>
    /// <param name="attempts">Attempts so far, this one included.</param>
    /// <param name="elapsed">Time since the first attempt began.</param>
    /// <param name="jitter">Random, [0, 1).</param>
    /// <param name="options">Waits and limits.</param>
    public static RetryDecision After(
        in SendOutcome outcome, int attempts, TimeSpan elapsed, double jitter, OtlpRetryOptions options)
    {
        if (IsDelivered(outcome))
            return new RetryDecision(RetryAction.Delivered);
        if (IsTooLarge(outcome))
            return new RetryDecision(RetryAction.Split);
        if (!options.Enabled || !IsRetryable(outcome))
            return new RetryDecision(RetryAction.Drop, Cause: DropCause.NotRetryable);
        bool told = outcome.RetryDelay > TimeSpan.Zero;
        TimeSpan delay = told ? outcome.RetryDelay!.Value : Backoff(attempts, jitter, options);
        if (options.GivesUpAfter > TimeSpan.Zero && elapsed + delay > options.GivesUpAfter)
            return new RetryDecision(RetryAction.Drop, Cause: DropCause.Expired);
        return new RetryDecision(told ? RetryAction.Throttle : RetryAction.Retry, delay);
    }

    /// <summary>
    /// The wait before attempt <paramref name="attempts"/> + 1: an interval that grows from attempt to attempt up to the longest, more or less
    /// a part of it, as the Collector's exporter helper waits.
    /// </summary>
    internal static TimeSpan Backoff(int attempts, double jitter, OtlpRetryOptions options)
    {
        double interval = options.InitialInterval.TotalMilliseconds * Math.Pow(options.Multiplier, Math.Min(attempts - 1, 64));
        double longest = Math.Min(interval, options.MaxInterval.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(longest * (1 + options.RandomizationFactor * (2 * jitter - 1)));
    }

    private static bool IsDelivered(in SendOutcome outcome) => outcome.Protocol switch
    {
        SendProtocol.Grpc => outcome.Code == GrpcStatus.Ok,
        SendProtocol.Http => outcome.Code is >= 200 and < 300,
        _ => false,
    };

    /// <summary>
    /// gRPC has no status of its own for a message over the limit: servers in Go, C++, Java, Node and .NET answer RESOURCE_EXHAUSTED, as a
    /// memory limiter does too, those in Rust OUT_OF_RANGE. Their sentences tell; so they do of older Collectors that answer 400 by HTTP.
    /// </summary>
    private static bool IsTooLarge(in SendOutcome outcome) => outcome.Protocol switch
    {
        SendProtocol.Grpc => outcome is { Code: GrpcStatus.ResourceExhausted or GrpcStatus.OutOfRange, RetryDelay: null }
            && (Says(outcome, "larger than max") || Says(outcome, "message exceeds") || Says(outcome, "message length too large")),
        SendProtocol.Http => outcome.Code == 413 || (outcome.Code == 400 && Says(outcome, "body too large")),
        _ => false,
    };

    private static bool Says(in SendOutcome outcome, string words) =>
        outcome.Message?.Contains(words, StringComparison.OrdinalIgnoreCase) ?? false;

    private static bool IsRetryable(in SendOutcome outcome) => outcome.Protocol switch
    {
        SendProtocol.Grpc => outcome.Code switch
        {
            GrpcStatus.Cancelled or GrpcStatus.DeadlineExceeded or GrpcStatus.Aborted or GrpcStatus.OutOfRange
                or GrpcStatus.Unavailable or GrpcStatus.DataLoss => true,
            GrpcStatus.ResourceExhausted => outcome.RetryDelay is not null,
            _ => false,
        },
        SendProtocol.Http => outcome.Code is 429 or 502 or 503 or 504,
        _ => true,
    };
}
