namespace EbpfReceiver.Hosting;

/// <summary>What the log says of the receiver as a whole.</summary>
internal static partial class ReceiverLog
{
    [LoggerMessage(101, LogLevel.Information, "Attached in {Milliseconds} ms; {Running} probes run")]
    public static partial void Started(ILogger log, long milliseconds, int running);

    [LoggerMessage(102, LogLevel.Critical, "The sample reader stopped: nothing more is seen")]
    public static partial void ReaderFailed(ILogger log, Exception reason);

    [LoggerMessage(103, LogLevel.Warning, "Metrics could not be collected this time: {Reason}")]
    public static partial void CollectionFailed(ILogger log, string reason);

    [LoggerMessage(105, LogLevel.Error, "The sample reader did not stop in time; samples in its buffers are lost: {State}")]
    public static partial void ReaderHangs(ILogger log, string state);

    [LoggerMessage(106, LogLevel.Warning, "Detaching takes long; what is sampled meanwhile is counted as dropped (a longer receiver.stop_timeout helps)")]
    public static partial void DetachingIsSlow(ILogger log);

    [LoggerMessage(104, LogLevel.Information, "Detached and flushed in {Milliseconds} ms")]
    public static partial void Stopped(ILogger log, long milliseconds);
}
