using System.Security.Cryptography;
using EbpfReceiver.Cli;
using EbpfReceiver.Configuration;
using EbpfReceiver.Otlp;

namespace EbpfReceiver.Hosting;

/// <summary>
/// Reads the configuration again while the receiver runs, and changes what can be changed without a restart. A configuration that is
/// refused changes nothing. One call at a time.
/// </summary>
/// <param name="load">Reads it.</param>
/// <param name="started">What the receiver was started with.</param>
/// <param name="runtime">The receiver.</param>
/// <param name="outlets">Its outlets.</param>
/// <param name="levels">Of its log.</param>
/// <param name="log">The receiver's log.</param>
internal sealed class ConfigurationReload(
    Func<ReceiverConfiguration> load,
    ReceiverConfiguration started,
    ReceiverRuntime runtime,
    OutletSet outlets,
    LogLevels levels,
    ILogger log)
{
    /// <summary>Keys, and sections with all their keys, that hold as soon as they are read.</summary>
    private readonly string[] _live =
    [
        "receiver.stop_timeout",
        .. OutletSet.Exchangeable.Select(name => $"exporters.{name}"),
        "metrics.interval", "processes", "resource", "log.level",
        "probes.include", "probes.exclude", "probes.files", "probes.catalogue", "probes.settings.process",
        // These are attached anew: who may not do that would only lose them.
        .. started.Privileges.AfterAttach == PrivilegesAfterAttach.Minimal
            ? (string[])[]
            : ["probes.settings.tcp", "probes.settings.dns", "probes.settings.tls"],
    ];

    private readonly ReceiverConfiguration _started = started;
    private ReceiverConfiguration _current = started;

    /// <summary>Reads and changes; says in the log what it did, or what is wrong.</summary>
    public async Task RunAsync()
    {
        ReceiverConfiguration next;
        try
        {
            next = load();
        }
        catch (ConfigurationException e)
        {
            foreach (ConfigurationError error in e.Errors) ReloadLog.Refused(log, error.ToString());
            return;
        }

        string[] changed = [.. ConfigurationDifference.Between(_current, next).Where(IsLive)];
        string[] restart = [.. ConfigurationDifference.Between(_started, next).Where(path => !IsLive(path))];
        try
        {
            await ApplyAsync(changed, next);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException
            or TlsFileException or CommandFailedException)
        {
            ReloadLog.Refused(log, $"an exporter can't be made: {e.Message}");
            return;
        }

        _current = next;
        if (changed.Length > 0) ReloadLog.Changed(log, string.Join(", ", changed));
        else ReloadLog.Unchanged(log);
        if (restart.Length > 0) ReloadLog.NeedsRestart(log, string.Join(", ", restart));
    }

    /// <summary>Whether a path is one of these, or in one of these sections.</summary>
    internal static bool IsIn(string path, params ReadOnlySpan<string> sections)
    {
        foreach (string section in sections)
        {
            if (path == section || (path.StartsWith(section, StringComparison.Ordinal) && path[section.Length] == '.')) return true;
        }

        return false;
    }

    private bool IsLive(string path) => IsIn(path, _live);

    private async Task ApplyAsync(string[] changed, ReceiverConfiguration next)
    {
        // The console sums up by the interval of the metrics.
        bool interval = changed.Contains("metrics.interval");
        string[] exporters = [.. OutletSet.Exchangeable.Where(name =>
            changed.Any(path => IsIn(path, $"exporters.{name}")) || (interval && name == "console"))];
        if (exporters.Length > 0) await outlets.ExchangeAsync(exporters, next, runtime.Fanout);
        levels.Set(next.Log.Level);
        await Task.Run(() => runtime.Configure(next, changed));
    }
}
