using EbpfReceiver.Bpf;

namespace EbpfReceiver.Probes.Libraries;

/// <summary>A probe's interest in libraries, and the files it is attached to. Guarded by the watcher's lock.</summary>
/// <param name="files">Which files it wants.</param>
/// <param name="hooks">What it attaches to them.</param>
internal sealed class LibraryTarget(LibraryFiles files, IReadOnlyList<LibraryHook> hooks)
{
    /// <summary>Which files it wants.</summary>
    public LibraryFiles Files { get; } = files;

    /// <summary>What it attaches to them.</summary>
    public IReadOnlyList<LibraryHook> Hooks { get; } = hooks;

    /// <summary>The files it is attached to, and those that have none of its functions.</summary>
    public Dictionary<FileId, AttachedLibrary> Attached { get; } = [];

    /// <summary>All uprobes, which become the caller's to dispose.</summary>
    public IReadOnlyList<BpfLink> TakeLinks()
    {
        BpfLink[] links = [.. Attached.Values.SelectMany(l => l.TakeLinks())];
        Attached.Clear();
        return links;
    }
}
