namespace EbpfReceiver.Bpf;

/// <summary>The tracepoints of the running kernel, as tracefs describes them, whether or not it is mounted.</summary>
public static class KernelTracepoints
{
    /// <summary>The format file of a tracepoint: its fields, line by line; null if there is no such tracepoint or tracefs can't be read.</summary>
    /// <param name="category">Its category, for example <c>sched</c>.</param>
    /// <param name="name">Its name.</param>
    public static string? ReadFormat(string category, string name)
    {
        if (!IsName(category) || !IsName(name))
            return null;
        return Tracefs.Instance.ReadText($"events/{category}/{name}/format");
    }

    /// <summary>All tracepoints as <c>category:name</c>; null if tracefs can't be read.</summary>
    public static IReadOnlyList<string>? List() =>
        Tracefs.Instance.ReadText("available_events")?.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // The names become a path.
    private static bool IsName(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-'))
                return false;
        }

        return name.Length > 0;
    }
}
