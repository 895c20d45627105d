using Microsoft.Extensions.Logging;

namespace EbpfReceiver.Otlp;

/// <summary>What queues on disk say. A fault is said once, and so is its end.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(30, LogLevel.Information, "{Outlet} found {Batches} batches of an earlier run in {Directory} and sends them first")]
    public static partial void Recovered(ILogger logger, string outlet, long batches, string directory);

    [LoggerMessage(31, LogLevel.Information,
        "{Outlet} cut {Bytes} bytes off the queue in {Directory} that an earlier run had not finished writing")]
    public static partial void Cut(ILogger logger, string outlet, long bytes, string directory);

    [LoggerMessage(32, LogLevel.Error,
        "{Outlet} found {Bytes} damaged bytes in the queue in {Directory}; what can't be read is passed over and counted")]
    public static partial void Corrupted(ILogger logger, string outlet, long bytes, string directory);

    [LoggerMessage(33, LogLevel.Error, "{Outlet} can't use the queue in {Directory} and keeps batches in memory until it can: {Reason}")]
    public static partial void Failing(ILogger logger, string outlet, string directory, string reason);

    [LoggerMessage(34, LogLevel.Information, "{Outlet} uses the queue in {Directory} again")]
    public static partial void Well(ILogger logger, string outlet, string directory);

    [LoggerMessage(35, LogLevel.Warning, "{Outlet}: the queue in {Directory} is full at {Bytes} bytes; {Consequence}")]
    public static partial void Full(ILogger logger, string outlet, string directory, long bytes, string consequence);

    [LoggerMessage(36, LogLevel.Error, "{Outlet} ends with what may not be on disk in {Directory}: {Reason}")]
    public static partial void Unfinished(ILogger logger, string outlet, string directory, string reason);
}
