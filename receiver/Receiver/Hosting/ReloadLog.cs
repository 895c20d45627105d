namespace EbpfReceiver.Hosting;

/// <summary>What the log says when the configuration is read again.</summary>
internal static partial class ReloadLog
{
    [LoggerMessage(120, LogLevel.Information, "The configuration was read again, and says what it said before")]
    public static partial void Unchanged(ILogger log);

    [LoggerMessage(121, LogLevel.Information, "The configuration was read again; changed: {Keys}")]
    public static partial void Changed(ILogger log, string keys);

    [LoggerMessage(122, LogLevel.Warning, "These changes of the configuration need a restart, and do not hold before: {Keys}")]
    public static partial void NeedsRestart(ILogger log, string keys);

    [LoggerMessage(123, LogLevel.Error, "The configuration is refused, and the one before stays: {Error}")]
    public static partial void Refused(ILogger log, string error);
}
