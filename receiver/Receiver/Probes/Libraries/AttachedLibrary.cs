using EbpfReceiver.Bpf;

namespace EbpfReceiver.Probes.Libraries;

/// <summary>A library file with the uprobes of one probe on it.</summary>
internal sealed class AttachedLibrary : IDisposable
{
    private readonly List<BpfLink> _links = [];
    private readonly Dictionary<string, string> _problems = [];

    private AttachedLibrary(string path, bool isKept)
    {
        Path = path;
        IsKept = isKept;
    }

    /// <summary>The file's path, for people.</summary>
    public string Path { get; }

    /// <summary>It stays although nobody uses it: programs that start later use it, and may be short.</summary>
    public bool IsKept { get; }

    /// <summary>Hooks that are attached.</summary>
    public List<string> Hooks { get; } = [];

    /// <summary>Why hooks are not attached, by their name.</summary>
    public IReadOnlyDictionary<string, string> Problems => _problems;

    /// <summary>Attaches all hooks that the file has; a hook of several programs only as a whole.</summary>
    /// <param name="file">A path that leads to the file now.</param>
    /// <param name="path">Its path for people.</param>
    /// <param name="isKept">Whether it stays although nobody uses it.</param>
    /// <param name="target">The hooks, and which files they are for.</param>
    public static AttachedLibrary Attach(string file, string path, bool isKept, LibraryTarget target)
    {
        var library = new AttachedLibrary(path, isKept);
        foreach (LibraryHook hook in target.Hooks)
        {
            if (target.Files.Serves is not { } serves || hook.Programs.All(p => serves(path, p.Spec.AttachTarget))) library.Attach(file, hook);
        }

        return library;
    }

    /// <summary>Its uprobes, which become the caller's to dispose.</summary>
    public IReadOnlyList<BpfLink> TakeLinks()
    {
        BpfLink[] links = [.. _links];
        _links.Clear();
        return links;
    }

    /// <inheritdoc/>
    public void Dispose() => Detachment.All(TakeLinks());

    private void Attach(string file, LibraryHook hook)
    {
        var links = new List<BpfLink>();
        try
        {
            foreach (BpfProgram program in hook.Programs)
            {
                if (!ElfSymbols.TryResolve(file, LibraryHook.SymbolOf(program.Spec), out ulong offset, out string problem))
                    throw new BpfException(problem.Replace(file, Path, StringComparison.Ordinal));
                links.Add(program.AttachUprobe(file, offset + LibraryHook.OffsetOf(program.Spec), program.Spec.Kind == ProgramKind.Uretprobe));
            }

            _links.AddRange(links);
            Hooks.Add(hook.Name);
        }
        catch (Exception e) when (e is BpfException or IOException or UnauthorizedAccessException)
        {
            foreach (BpfLink link in links) link.Dispose();
            _problems[hook.Name] = e.Message;
        }
    }
}
