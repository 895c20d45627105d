namespace EbpfReceiver.ProbeLanguage;

/// <summary>Names of the semantic conventions that have a meaning of their own in a list of attributes.</summary>
public static class WellKnownAttributes
{
    private static readonly Dictionary<string, (string Expression, string? Decoder)> Known = new(StringComparer.Ordinal)
    {
        ["process.pid"] = ("pid", null),
        ["process.command"] = ("comm", null),
        ["process.executable.name"] = ("comm", null),
        ["process.parent_pid"] = ("curtask.real_parent.tgid", null),
        ["process.user.id"] = ("uid", null),
        ["user.id"] = ("uid", null),
        ["thread.id"] = ("tid", null),
        ["thread.name"] = ("comm", null),
        ["cpu.logical_number"] = ("cpu", null),
        ["container.id"] = ("cgroup_id", "cgroup"),
        ["linux.cgroup.id"] = ("cgroup_id", null),
        ["linux.cgroup.path"] = ("cgroup_id", "cgroup"),
        ["error.type"] = ("retval", "errno"),
    };

    /// <summary>The names.</summary>
    public static IEnumerable<string> Names => Known.Keys;

    /// <summary>The expression and the decoder that a name stands for.</summary>
    public static bool TryGet(string name, out string expression, out string? decoder)
    {
        bool found = Known.TryGetValue(name, out var value);
        (expression, decoder) = found ? value : ("", null);
        return found;
    }
}
