using EbpfReceiver.Bpf;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>Which files the user-space hooks of a probe are in.</summary>
internal static class DeclaredLibraries
{
    /// <summary>The files; null if all hooks are in the kernel. A path is one file, a name is looked for wherever programs are and processes have it.</summary>
    public static LibraryFiles? Of(BoundProbe probe)
    {
        var paths = new SortedSet<string>(StringComparer.Ordinal);
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (BoundProgram program in probe.Hooks.SelectMany(h => h.Alternatives).SelectMany(a => a.Programs))
        {
            if (program.Kind is not (ProgramKind.Uprobe or ProgramKind.Uretprobe)) continue;
            string file = FileOf(program.Target);
            if (file.Length > 0) (file.Contains('/', StringComparison.Ordinal) ? paths : names).Add(file);
        }

        if (paths.Count + names.Count == 0) return null;
        paths.UnionWith(names.Select(UserFiles.FindProgram).OfType<string>());
        return new LibraryFiles(file => names.Any(n => UserFiles.IsMeant(n, file)), [.. names.SelectMany(UserFiles.SearchPatterns)], [.. paths]) { Serves = Serves };
    }

    private static string FileOf(string target) => target[..Math.Max(target.LastIndexOf(':'), 0)];

    /// <summary>Whether a program that is meant for one file is to be attached to another: they have to be the same, by path or by name.</summary>
    private static bool Serves(string path, string target)
    {
        string file = FileOf(target);
        return file == path || (!file.Contains('/', StringComparison.Ordinal) && UserFiles.IsMeant(file, Path.GetFileName(path)));
    }
}
