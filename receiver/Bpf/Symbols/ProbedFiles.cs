using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>Finds the file that a section or a user names: by path, by the name of a library, or by that of a program.</summary>
public static class ProbedFiles
{
    /// <summary>
    /// The file. <c>libc.so.6</c> is looked for where libraries are; <c>bash</c> along PATH; <c>libc</c> or <c>c</c> that is no program is
    /// taken for a library without its version.
    /// </summary>
    /// <param name="name">A path, which is given back, or a name.</param>
    /// <exception cref="BpfException">There is no such file.</exception>
    public static string Locate(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('/', StringComparison.Ordinal))
            return name;
        if (name.EndsWith(".so", StringComparison.Ordinal) || name.Contains(".so.", StringComparison.Ordinal))
            return SharedLibraries.Locate(name);
        return Program(name) ?? Library(name.StartsWith("lib", StringComparison.Ordinal) ? name : $"lib{name}")
            ?? throw new BpfException($"There is no program {name} in PATH ({Environment.GetEnvironmentVariable("PATH")}), and no library of "
                + $"that name in {string.Join(", ", SharedLibraries.Directories)}.");
    }

    private static string? Program(string name)
    {
        foreach (var directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
        {
            var path = $"{directory}/{name}";
            if (directory.Length > 0 && FileSyscalls.IsExecutable(path))
                return path;
        }

        return null;
    }

    /// <summary>The plain name is often a script for the linker, so one with a version comes first.</summary>
    private static string? Library(string name)
    {
        foreach (var directory in SharedLibraries.Directories)
        {
            if (!Directory.Exists(directory))
                continue;
            var found = Directory.GetFiles(directory, $"{name}.so*")
                .Where(path => Path.GetFileName(path).StartsWith($"{name}.so.", StringComparison.Ordinal)).MinBy(path => path.Length);
            if (found is not null)
                return found;
        }

        return null;
    }
}
