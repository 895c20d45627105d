using System.Globalization;

namespace EbpfReceiver.Hosting;

/// <summary>Gives back the memory that only the start needed.</summary>
internal static class StartMemory
{
    private const string Mappings = "/proc/self/smaps";

    /// <summary>The first look at all processes, and at the libraries they map, is over by then.</summary>
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(2);

    /// <summary>
    /// When things have settled: collects garbage (the kernel's types are megabytes of it), and takes the pages of this program's file off its
    /// address space. They stay in the page cache; those that are used on, a third or so, come back at their next use for a microsecond each.
    /// </summary>
    public static async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(SettlingTime, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The receiver stops before it has settled.
            return;
        }

        HeapTrim.CollectAll();
        try
        {
            foreach ((nuint start, nuint length) in CleanMappings(File.ReadLines(Mappings), Environment.ProcessPath ?? ""))
                MemoryAdvice.Forget(start, length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A process that may not look at itself keeps its pages.
        }
    }

    /// <summary>The mappings of a file, as smaps shows them, that can't be written to and have no page that differs from the file's.</summary>
    /// <param name="lines">The lines of smaps (proc_pid_smaps(5)).</param>
    /// <param name="file">The file.</param>
    internal static IReadOnlyList<(nuint Start, nuint Length)> CleanMappings(IEnumerable<string> lines, string file)
    {
        var clean = new List<(nuint, nuint)>();
        (nuint Start, nuint Length)? mapping = null;
        foreach (string line in lines)
        {
            if (TryParseRange(line, out (nuint, nuint) range, out string rest))
                mapping = file.Length > 0 && rest.EndsWith($" {file}", StringComparison.Ordinal) && rest is ['r', '-', _, 'p', ..] ? range : null;
            else if (line.StartsWith("Anonymous:", StringComparison.Ordinal) && mapping is { } found && line.EndsWith(" 0 kB", StringComparison.Ordinal))
                clean.Add(found);
        }

        return clean;
    }

    private static bool TryParseRange(string line, out (nuint Start, nuint Length) range, out string rest)
    {
        range = default;
        rest = "";
        int space = line.IndexOf(' ');
        int dash = line.IndexOf('-');
        if (dash <= 0 || space < dash
            || !nuint.TryParse(line.AsSpan(0, dash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out nuint start)
            || !nuint.TryParse(line.AsSpan(dash + 1, space - dash - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out nuint end))
        {
            return false;
        }

        range = (start, end - start);
        rest = line[(space + 1)..];
        return true;
    }
}
