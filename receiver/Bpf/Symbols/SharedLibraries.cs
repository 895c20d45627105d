using System.Runtime.InteropServices;

namespace EbpfReceiver.Bpf;

/// <summary>Where a machine keeps its shared libraries.</summary>
public static class SharedLibraries
{
    private static readonly string[] DirectoriesOfThisArchitecture = RuntimeInformation.ProcessArchitecture == Architecture.Arm64
        ? ["/lib/aarch64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib"]
        : ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib"];

    /// <summary>Directories that are searched, in order.</summary>
    public static IReadOnlyList<string> Directories => DirectoriesOfThisArchitecture;

    /// <summary>The file of a library.</summary>
    /// <param name="library">A path, which is given back, or a file name such as <c>libc.so.6</c>.</param>
    /// <param name="root">Another root directory, such as <c>/proc/PID/root</c> for a container.</param>
    /// <exception cref="BpfException">It is in none of the directories.</exception>
    public static string Locate(string library, string root = "")
    {
        if (library.Contains('/', StringComparison.Ordinal))
            return library;
        return TryLocate(library, root)
            ?? throw new BpfException($"There is no {library} in "
                + $"{string.Join(", ", DirectoriesOfThisArchitecture)}{(root.Length == 0 ? "" : $" below {root}")}.");
    }

    /// <summary>
    /// The file of a library by its file name, or null if it is in none of the directories. Those of LD_LIBRARY_PATH come first, unless
    /// another root is given.
    /// </summary>
    public static string? TryLocate(string fileName, string root = "")
    {
        var own = root.Length == 0 ? Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? "" : "";
        foreach (var directory in own.Split(':', ';'))
        {
            if (directory.Length > 0 && File.Exists($"{directory}/{fileName}"))
                return $"{directory}/{fileName}";
        }

        foreach (var directory in DirectoriesOfThisArchitecture)
        {
            var path = $"{root}{directory}/{fileName}";
            if (File.Exists(path))
                return path;
        }

        return null;
    }
}
