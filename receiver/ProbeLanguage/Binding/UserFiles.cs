using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Programs and libraries by their names: <c>bash</c>, <c>libc.so.6</c>, and as people say them, <c>libc</c>.</summary>
public static class UserFiles
{
    // By default ".*" matches a name without it too, and libc.so is a script for linkers.
    private static readonly EnumerationOptions Plain = new() { MatchType = MatchType.Simple };

    private static readonly string[] ProgramDirectories = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>Whether a file is the one that is meant: it has the name, or that of a library with its version left out.</summary>
    /// <param name="written">The name as it was written, without a path.</param>
    /// <param name="name">The last component of the file's path.</param>
    public static bool IsMeant(string written, string name)
    {
        if (written == name)
            return true;
        string library = WithoutVersion(written);
        return name.StartsWith(library, StringComparison.Ordinal) && (name.Length == library.Length || name[library.Length] == '.');
    }

    /// <summary>Patterns that find such files in a directory of libraries.</summary>
    /// <param name="written">The name as it was written, without a path.</param>
    public static IReadOnlyList<string> SearchPatterns(string written) => [written, WithoutVersion(written), WithoutVersion(written) + ".*"];

    /// <summary>The program of a name where shells look for it; null if there is none.</summary>
    /// <param name="name">The name, without a path.</param>
    public static string? FindProgram(string name)
    {
        foreach (string directory in ProgramDirectories)
        {
            if (File.Exists($"{directory}/{name}"))
                return $"{directory}/{name}";
        }

        return null;
    }

    /// <summary>A file by its path or name; null if there is none.</summary>
    /// <param name="written">The path or name.</param>
    public static string? Find(string written)
    {
        if (written.Contains('/'))
            return File.Exists(written) ? written : null;
        if ((SharedLibraries.TryLocate(written) ?? FindProgram(written)) is { } found)
            return found;
        foreach (string directory in SharedLibraries.Directories)
        {
            if (Directory.Exists(directory)
                && Directory.EnumerateFiles(directory, WithoutVersion(written) + ".*", Plain).Order(StringComparer.Ordinal).FirstOrDefault() is { } versioned)
            {
                return versioned;
            }
        }

        return null;
    }

    private static string WithoutVersion(string written) => written.EndsWith(".so", StringComparison.Ordinal) ? written : written + ".so";
}
