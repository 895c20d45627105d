namespace EbpfReceiver.Probes.Declared;

/// <summary>What the log says of declared probes.</summary>
internal static partial class DeclaredLog
{
    [LoggerMessage(201, LogLevel.Information, "Probe {Probe} of {Origin} has changed, and is {State} now")]
    public static partial void Changed(ILogger log, string probe, string origin, string state);

    [LoggerMessage(202, LogLevel.Information, "Probe {Probe} was taken out: nothing declares it any more")]
    public static partial void Removed(ILogger log, string probe);

    [LoggerMessage(203, LogLevel.Error, "Probe {Probe} of {Origin} is refused: {Reason}")]
    public static partial void Refused(ILogger log, string probe, string origin, string reason);

    [LoggerMessage(204, LogLevel.Error, "Probe file {Path} is refused: {Reason}")]
    public static partial void FileRefused(ILogger log, string path, string reason);

    [LoggerMessage(205, LogLevel.Error, "Probe {Probe} of {Origin} has the name of a built-in probe, and is left out")]
    public static partial void NameTaken(ILogger log, string probe, string origin);

    [LoggerMessage(206, LogLevel.Warning, "Probe {Probe} looks at {Ratio} of its hits now, because of its budget")]
    public static partial void Sampling(ILogger log, string probe, double ratio);

    [LoggerMessage(207, LogLevel.Warning, "Budgets can't be kept, because the kernel does not measure programs: {Reason}")]
    public static partial void NoBudgets(ILogger log, string reason);

    [LoggerMessage(209, LogLevel.Warning, "Probe {Probe} sees less than it is meant to: {Reason}")]
    public static partial void ScopeAbsent(ILogger log, string probe, string reason);

    [LoggerMessage(210, LogLevel.Information, "All that the scope of probe {Probe} names is there now")]
    public static partial void ScopeComplete(ILogger log, string probe);

    [LoggerMessage(208, LogLevel.Warning, "Probe files could not be looked at this time: {Reason}")]
    public static partial void RefreshFailed(ILogger log, string reason);
}
