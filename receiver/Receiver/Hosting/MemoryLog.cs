namespace EbpfReceiver.Hosting;

/// <summary>What the log says of the memory limit.</summary>
internal static partial class MemoryLog
{
    [LoggerMessage(
        120,
        LogLevel.Warning,
        "{Resident} of {Limit} MiB are in use: senders are told to come back, and fewer of our own items are kept")]
    public static partial void Critical(ILogger log, long resident, long limit);

    [LoggerMessage(121, LogLevel.Information, "{Resident} of {Limit} MiB are in use: everything is taken again")]
    public static partial void Calm(ILogger log, long resident, long limit);
}
