namespace EbpfReceiver.Bpf.Tests.Kernel;

/// <summary>The descriptors of this process that the loader may have opened, by kind.</summary>
internal static class Descriptors
{
    /// <summary>Kinds with counts, for example <c>anon_inode:bpf-map 3</c>; what the runtime opens for itself is left out.</summary>
    public static string Census()
    {
        var kinds = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles("/proc/self/fd"))
        {
            if (!TryReadLink(path, out var kind))
                continue;
            if (kind.Contains("bpf", StringComparison.Ordinal) || kind.Contains("perf_event", StringComparison.Ordinal)
                || kind.Contains("btf", StringComparison.Ordinal) || kind.Contains("eventpoll", StringComparison.Ordinal)
                || kind.Contains("eventfd", StringComparison.Ordinal))
                kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        }

        return string.Join(", ", kinds.Select(k => $"{k.Key} {k.Value}"));
    }

    /// <summary>Other threads of the runtime open and close files meanwhile.</summary>
    private static bool TryReadLink(string path, out string kind)
    {
        try
        {
            kind = File.ResolveLinkTarget(path, returnFinalTarget: false)?.Name ?? "";
            return true;
        }
        catch (IOException)
        {
            kind = "";
            return false;
        }
    }
}
