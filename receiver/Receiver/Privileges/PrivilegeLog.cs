namespace EbpfReceiver.Privileges;

/// <summary>What the log says of privileges.</summary>
internal static partial class PrivilegeLog
{
    [LoggerMessage(
        140, LogLevel.Information,
        "Privileges given up on all threads (privileges.after_attach: {Choice}): kept {Kept}; no program can be started, no user changed; "
        + "{Loading}")]
    public static partial void Dropped(ILogger log, string choice, string kept, string loading);

    [LoggerMessage(141, LogLevel.Warning, "All privileges are kept (privileges.after_attach: keep): {Kept}")]
    public static partial void Kept(ILogger log, string kept);
}
