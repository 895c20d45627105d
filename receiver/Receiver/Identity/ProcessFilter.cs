using EbpfReceiver.Configuration;

namespace EbpfReceiver.Identity;

/// <summary>
/// Decides which processes are observed: with nothing included, all but the receiver itself; what is excluded never is. The receiver is
/// observed only if a pattern that names something includes it.
/// </summary>
/// <param name="configuration">The patterns.</param>
/// <param name="ownPid">The receiver's process id.</param>
internal sealed class ProcessFilter(ProcessesConfiguration configuration, int ownPid)
{
    /// <summary>Container ids may be cut to this many characters, as engines show them.</summary>
    private const int ShortContainerId = 12;

    /// <summary>Whether a process is observed.</summary>
    public bool Allows(ProcessDescription process)
    {
        foreach (ProcessPattern pattern in configuration.Exclude)
        {
            if (Matches(pattern, process)) return false;
        }

        foreach (ProcessPattern pattern in configuration.Include)
        {
            if (Matches(pattern, process) && (process.Pid != ownPid || pattern.Pid == ownPid || pattern.Name is not (null or "*"))) return true;
        }

        return configuration.Include.Count == 0 && process.Pid != ownPid;
    }

    /// <summary>Whether every part of a pattern that is set matches.</summary>
    internal static bool Matches(ProcessPattern pattern, ProcessDescription process)
    {
        if (pattern.Pid is { } pid && pid != process.Pid) return false;
        if (pattern.Name is { } name
            && !WildcardPattern.Matches(name, process.ExecutableName)
            && !WildcardPattern.Matches(name, process.CommandName)) return false;
        if (pattern.Path is { } path && !WildcardPattern.Matches(path, process.ExecutablePath)) return false;
        if (pattern.Cgroup is { } cgroup && !WildcardPattern.Matches(cgroup, process.CgroupPath)) return false;
        if (pattern.Container is { } container && !MatchesContainer(container, process.ContainerId)) return false;
        return pattern is not { Pid: null, Name: null, Path: null, Cgroup: null, Container: null };
    }

    private static bool MatchesContainer(string pattern, string? id)
    {
        if (id is null) return false;
        return WildcardPattern.Matches(pattern, id)
            || (pattern.Length >= ShortContainerId && id.StartsWith(pattern, StringComparison.Ordinal));
    }
}
