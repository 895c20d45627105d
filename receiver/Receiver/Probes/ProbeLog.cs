namespace EbpfReceiver.Probes;

/// <summary>What the log says of probes.</summary>
internal static partial class ProbeLog
{
    [LoggerMessage(1, LogLevel.Information, "Probe {Probe} is attached: {Hooks}")]
    public static partial void Attached(ILogger log, string probe, string hooks);

    [LoggerMessage(2, LogLevel.Warning, "Probe {Probe} is degraded: {Reason}")]
    public static partial void Degraded(ILogger log, string probe, string reason);

    [LoggerMessage(3, LogLevel.Error, "Probe {Probe} does not run: {Reason}")]
    public static partial void Failed(ILogger log, string probe, string reason);

    [LoggerMessage(4, LogLevel.Information, "Probe {Probe} is detached")]
    public static partial void Detached(ILogger log, string probe);

    [LoggerMessage(5, LogLevel.Debug, "Hook {Hook} of probe {Probe} can't use {Alternative}: {Reason}")]
    public static partial void AlternativeRefused(ILogger log, string hook, string probe, string alternative, string reason);

    [LoggerMessage(6, LogLevel.Debug, "Attached to library {Path}: {Hooks}")]
    public static partial void LibraryAttached(ILogger log, string path, string hooks);

    [LoggerMessage(7, LogLevel.Debug, "Nothing to attach to in library {Path}: {Problem}")]
    public static partial void LibraryRefused(ILogger log, string path, string problem);

    [LoggerMessage(8, LogLevel.Debug, "Nobody uses library {Path} any more")]
    public static partial void LibraryLeft(ILogger log, string path);

    [LoggerMessage(9, LogLevel.Warning, "The kernel's types (BTF) can't be read, so most programs will not load: {Reason}")]
    public static partial void NoKernelTypes(ILogger log, string reason);
}
