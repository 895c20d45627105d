namespace EbpfReceiver.Otlp.Tests.Delivery;

public class RetryDecisionTests
{
    private static readonly OtlpRetryOptions s_options = new();

    /// <summary>name, protocol, code, server's delay in seconds (-1: none), then action and delay in seconds at jitter 0.5.</summary>
    public static TheoryData<string, int, int, double, string, double> Table => new()
    {
        { "OK", 1, 0, -1, "Delivered", 0 },
        { "OK is delivered whatever RetryInfo says", 1, 0, 9, "Delivered", 0 },
        { "CANCELLED", 1, 1, -1, "Retry", 5 },
        { "UNKNOWN", 1, 2, -1, "NotRetryable", 0 },
        { "INVALID_ARGUMENT", 1, 3, -1, "NotRetryable", 0 },
        { "DEADLINE_EXCEEDED", 1, 4, -1, "Retry", 5 },
        { "NOT_FOUND", 1, 5, -1, "NotRetryable", 0 },
        { "ALREADY_EXISTS", 1, 6, -1, "NotRetryable", 0 },
        { "PERMISSION_DENIED", 1, 7, -1, "NotRetryable", 0 },
        { "RESOURCE_EXHAUSTED", 1, 8, -1, "NotRetryable", 0 },
        { "RESOURCE_EXHAUSTED with RetryInfo", 1, 8, 7, "Throttle", 7 },
        { "RESOURCE_EXHAUSTED with RetryInfo without a delay", 1, 8, 0, "Retry", 5 },
        { "FAILED_PRECONDITION", 1, 9, -1, "NotRetryable", 0 },
        { "ABORTED", 1, 10, -1, "Retry", 5 },
        { "OUT_OF_RANGE", 1, 11, -1, "Retry", 5 },
        { "UNIMPLEMENTED", 1, 12, -1, "NotRetryable", 0 },
        { "INTERNAL", 1, 13, -1, "NotRetryable", 0 },
        { "UNAVAILABLE", 1, 14, -1, "Retry", 5 },
        { "UNAVAILABLE with RetryInfo", 1, 14, 60, "Throttle", 60 },
        { "DATA_LOSS", 1, 15, -1, "Retry", 5 },
        { "UNAUTHENTICATED", 1, 16, -1, "NotRetryable", 0 },
        { "a gRPC code that does not exist", 1, 99, -1, "NotRetryable", 0 },
        { "RetryInfo does not make INTERNAL retryable", 1, 13, 3, "NotRetryable", 0 },
        { "HTTP 200", 2, 200, -1, "Delivered", 0 },
        { "HTTP 202", 2, 202, -1, "Delivered", 0 },
        { "HTTP 301", 2, 301, -1, "NotRetryable", 0 },
        { "HTTP 400", 2, 400, -1, "NotRetryable", 0 },
        { "HTTP 401", 2, 401, -1, "NotRetryable", 0 },
        { "HTTP 404", 2, 404, -1, "NotRetryable", 0 },
        { "HTTP 408", 2, 408, -1, "NotRetryable", 0 },
        { "HTTP 413", 2, 413, -1, "Split", 0 },
        { "HTTP 429", 2, 429, -1, "Retry", 5 },
        { "HTTP 429 with Retry-After", 2, 429, 11, "Throttle", 11 },
        { "HTTP 500", 2, 500, -1, "NotRetryable", 0 },
        { "HTTP 502", 2, 502, -1, "Retry", 5 },
        { "HTTP 503", 2, 503, -1, "Retry", 5 },
        { "HTTP 503 with Retry-After", 2, 503, 2, "Throttle", 2 },
        { "HTTP 504", 2, 504, -1, "Retry", 5 },
        { "no answer", 0, 0, -1, "Retry", 5 },
        { "a server that asks for longer than we keep a batch", 1, 14, 301, "Expired", 0 },
    };

    /// <summary>The sentences are those of the servers of grpc-go, C++ and Node, Java, .NET, tonic, and of Collectors by HTTP.</summary>
    [Theory]
    [InlineData(1, 8, "grpc: received message larger than max (5000000 vs. 4194304)", true)]
    [InlineData(1, 8, "grpc: message after decompression larger than max 4194304", true)]
    [InlineData(1, 8, "Received message larger than max (5000000 vs. 4194304)", true)]
    [InlineData(1, 8, "gRPC message exceeds maximum size 4194304: 5000000", true)]
    [InlineData(1, 8, "Received message exceeds the maximum configured message size.", true)]
    [InlineData(1, 11, "Error, decoded message length too large: found 5000000 bytes, the limit is: 4194304 bytes", true)]
    [InlineData(1, 8, "quota of the tenant", false)]
    [InlineData(1, 13, "grpc: received message larger than max (5000000 vs. 4194304)", false)]
    [InlineData(2, 413, "", true)]
    [InlineData(2, 400, "http: request body too large", true)]
    [InlineData(2, 400, "bad", false)]
    public void What_is_too_large_is_sent_in_parts(int protocol, int code, string message, bool split)
    {
        var outcome = new SendOutcome((SendProtocol)protocol, code, Message: message);
        RetryDecision decision = RetryDecision.After(outcome, 1, TimeSpan.Zero, 0.5, s_options with { Enabled = false });
        Assert.Equal(split ? RetryAction.Split : RetryAction.Drop, decision.Action);
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void The_first_attempt_is_followed_by(string name, int protocol, int code, double serverDelay, string action, double delay)
    {
        var outcome = new SendOutcome((SendProtocol)protocol, code, serverDelay < 0 ? null : TimeSpan.FromSeconds(serverDelay));
        RetryDecision decision = RetryDecision.After(outcome, 1, TimeSpan.Zero, 0.5, s_options);

        string actual = decision.Action == RetryAction.Drop ? decision.Cause.ToString() : decision.Action.ToString();
        Assert.Equal((name, action, delay), (name, actual, decision.Delay.TotalSeconds));
    }

    [Theory]
    [InlineData(1, 0.5, 5)]
    [InlineData(2, 0.5, 7.5)]
    [InlineData(3, 0.5, 11.25)]
    [InlineData(4, 0.5, 16.875)]
    [InlineData(6, 0.5, 30)]
    [InlineData(1000, 0.5, 30)]
    [InlineData(1, 0.0, 2.5)]
    [InlineData(1, 0.9999, 7.4995)]
    [InlineData(9, 0.9999, 44.997)]
    [InlineData(9, 0.0, 15)]
    public void Waits_grow_by_a_half_up_to_the_longest_with_jitter(int attempts, double jitter, double seconds) =>
        Assert.Equal(seconds, RetryDecision.Backoff(attempts, jitter, s_options).TotalSeconds, 3);

    [Theory]
    [InlineData(1, 0.0, 4)]
    [InlineData(2, 0.0, 8)]
    [InlineData(3, 0.9999, 19.9992)]
    [InlineData(1000, 0.5, 20)]
    public void Multiplier_and_randomization_are_what_the_options_say(int attempts, double jitter, double seconds)
    {
        OtlpRetryOptions options = s_options with { Multiplier = 2, RandomizationFactor = 0.2, MaxInterval = TimeSpan.FromSeconds(20) };
        if (attempts == 3)
            options = options with { RandomizationFactor = 0 };
        Assert.Equal(attempts == 3 ? 20 : seconds, RetryDecision.Backoff(attempts, jitter, options).TotalSeconds, 3);
    }

    [Theory]
    [InlineData(294.9, "Retry")]
    [InlineData(295.1, "Expired")]
    public void A_batch_expires_when_the_next_attempt_would_be_too_late(double elapsed, string action)
    {
        RetryDecision decision = RetryDecision.After(
            new SendOutcome(SendProtocol.Grpc, 14), 1, TimeSpan.FromSeconds(elapsed), 0.5, s_options);
        Assert.Equal(action, decision.Action == RetryAction.Drop ? decision.Cause.ToString() : decision.Action.ToString());
    }

    [Fact]
    public void Nothing_is_retried_when_retries_are_off()
    {
        RetryDecision decision = RetryDecision.After(
            new SendOutcome(SendProtocol.NoAnswer, 0), 1, TimeSpan.Zero, 0.5, s_options with { Enabled = false });
        Assert.Equal((RetryAction.Drop, DropCause.NotRetryable), (decision.Action, decision.Cause));
    }

    [Fact]
    public void Without_a_limit_a_batch_never_expires()
    {
        RetryDecision decision = RetryDecision.After(
            new SendOutcome(SendProtocol.NoAnswer, 0), 5000, TimeSpan.FromDays(9), 0.5, s_options with { MaxElapsedTime = TimeSpan.Zero });
        Assert.Equal((RetryAction.Retry, 30.0), (decision.Action, decision.Delay.TotalSeconds));
    }
}
