namespace EbpfReceiver.Supervision;

/// <summary>What the log says of how the receiver watches itself.</summary>
internal static partial class SupervisionLog
{
    [LoggerMessage(
        150, LogLevel.Error,
        "The thread that reads the samples has not looked at its buffers for {Seconds} s: {State}. The receiver is not ready until it does")]
    public static partial void Stalled(ILogger log, long seconds, string state);

    [LoggerMessage(151, LogLevel.Warning, "The thread that reads the samples goes on after {Seconds} s")]
    public static partial void Recovered(ILogger log, long seconds);

    [LoggerMessage(
        152, LogLevel.Critical,
        "The thread that reads the samples has stood still for {Seconds} s (receiver.watchdog.exit_after): the receiver ends")]
    public static partial void Expired(ILogger log, long seconds);

    [LoggerMessage(153, LogLevel.Warning, "The service manager can't be told how the service is (NOTIFY_SOCKET): {Reason}")]
    public static partial void NotNotified(ILogger log, string reason);
}
