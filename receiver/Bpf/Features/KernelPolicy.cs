using System.Globalization;

namespace EbpfReceiver.Bpf;

/// <summary>
/// What of the machine, apart from capabilities, may refuse BPF and perf events to this process. Each is null where it can't be read.
/// </summary>
public sealed record KernelPolicy
{
    private const string LockdownPath = "/sys/kernel/security/lockdown";
    private const string ModulesPath = "/sys/kernel/security/lsm";

    /// <summary>
    /// Mode of kernel lockdown: <c>none</c>, <c>integrity</c> or <c>confidentiality</c>; the last refuses to read kernel memory.
    /// </summary>
    public string? Lockdown { get; init; }

    /// <summary>Security modules in force, by name; <c>capability</c> and <c>lockdown</c> left out.</summary>
    public IReadOnlyList<string>? SecurityModules { get; init; }

    /// <summary>Whether a seccomp filter is on this process, as container engines put one.</summary>
    public bool? HasSeccompFilter { get; init; }

    /// <summary>
    /// kernel.perf_event_paranoid; from 2 on perf events of the kernel take CAP_PERFMON, with some distributions' 3 and 4 all do.
    /// </summary>
    public int? PerfEventParanoid { get; init; }

    /// <summary>kernel.unprivileged_bpf_disabled: 0, or 1 and 2 where BPF takes CAP_BPF.</summary>
    public int? UnprivilegedBpfDisabled { get; init; }

    /// <summary>Whether this process is in a user namespace, where capabilities do not count for BPF.</summary>
    public bool InUserNamespace { get; init; }

    /// <summary>Reads it.</summary>
    public static KernelPolicy OfThisProcess() => new()
    {
        Lockdown = Bracketed(Read(LockdownPath)),
        SecurityModules = Read(ModulesPath) is { } modules
            ? [.. modules.Trim().Split(',').Where(m => m is not ("" or "capability" or "lockdown" or "bpf" or "landlock" or "yama"))]
            : null,
        HasSeccompFilter = Seccomp(Read("/proc/self/status")),
        PerfEventParanoid = Number(Read("/proc/sys/kernel/perf_event_paranoid")),
        UnprivilegedBpfDisabled = Number(Read("/proc/sys/kernel/unprivileged_bpf_disabled")),
        InUserNamespace = Read("/proc/self/uid_map") is { } map && IsMapped(map),
    };

    /// <summary>The mode in brackets of <c>none [integrity] confidentiality</c>.</summary>
    internal static string? Bracketed(string? modes)
    {
        if (modes is null)
            return null;
        var start = modes.IndexOf('[', StringComparison.Ordinal) + 1;
        var end = modes.IndexOf(']', StringComparison.Ordinal);
        return start > 0 && end > start ? modes[start..end] : null;
    }

    /// <summary>The line <c>Seccomp: 2</c>: 0 for none, 1 for the strict mode, 2 for a filter.</summary>
    internal static bool? Seccomp(string? status)
    {
        foreach (var line in (status ?? "").AsSpan().EnumerateLines())
        {
            if (line.StartsWith("Seccomp:", StringComparison.Ordinal))
                return line[8..].Trim() is not "0";
        }

        return null;
    }

    /// <summary>The initial namespace maps all ids to themselves in one line.</summary>
    internal static bool IsMapped(string map)
        => !map.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).SequenceEqual(["0", "0", "4294967295"]);

    private static int? Number(string? text)
        => int.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
