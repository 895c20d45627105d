using Microsoft.Extensions.Logging;

namespace EbpfReceiver.Otlp;

/// <summary>What the file outlet says.</summary>
internal static partial class FileLog
{
    [LoggerMessage(20, LogLevel.Error, "{Outlet} cannot write {Path} and drops telemetry until it can: {Reason}")]
    public static partial void WriteFailed(ILogger logger, string outlet, string path, string reason);

    [LoggerMessage(21, LogLevel.Information, "{Outlet} writes {Path} again")]
    public static partial void Recovered(ILogger logger, string outlet, string path);

    [LoggerMessage(22, LogLevel.Warning, "{Outlet} dropped a malformed request of {Signal}")]
    public static partial void Malformed(ILogger logger, string outlet, string signal);
}
