using System.Collections.Concurrent;
using System.IO.Enumeration;
using EbpfReceiver.Bpf;
using EbpfReceiver.Identity;

namespace EbpfReceiver.Probes.Libraries;

/// <summary>
/// Keeps uprobes on library files: those of the standard directories from the start, others (containers, packages that bring their own)
/// as processes map them, once a file, until nobody maps it any more: an attached uprobe keeps its file system from being unmounted.
/// </summary>
internal sealed class LibraryWatcher : IDisposable
{
    private static readonly TimeSpan ScanInterval = TimeSpan.FromSeconds(30);

    /// <summary>Files that are reported faster than they are looked at wait; beyond this they wait for the next scan.</summary>
    private const int QueueCapacity = 1024;

    private const int MaximumFiles = 1024;

    /// <summary>Of the list of what a process maps, more is not read.</summary>
    private const int MaximumMaps = 4 * 1024 * 1024;

    private readonly ProcFiles _files;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly List<LibraryTarget> _targets = [];
    private readonly BlockingCollection<MappedImage> _mapped = new(QueueCapacity);
    private readonly CancellationTokenSource _stop = new();
    private byte[] _maps = new byte[64 * 1024];
    private Thread? _worker;
    private volatile bool _scanWanted;

    /// <param name="files">Where processes are read.</param>
    /// <param name="log">The receiver's log.</param>
    public LibraryWatcher(ProcFiles files, ILogger log)
    {
        _files = files;
        _log = log;
    }

    /// <summary>Called when a reported file was not found, so that the kernel side reports it again; the key is its image_key.</summary>
    public Action<ulong, uint>? Forget { get; set; }

    /// <summary>Begins to look at processes.</summary>
    public void Start()
    {
        _worker = new Thread(Work) { IsBackground = true, Name = "libraries" };
        _worker.Start();
    }

    /// <summary>A file was mapped for the first time; any thread, never waits.</summary>
    public void OnMapped(MappedImage image)
    {
        if (!_mapped.TryAdd(image)) _scanWanted = true;
    }

    /// <summary>Attaches to what the standard directories have and to what is mapped now.</summary>
    public void Add(LibraryTarget target)
    {
        lock (_gate)
        {
            foreach (string path in StandardFiles(target.Files))
            {
                if (FileId.TryOf(path, out FileId id)) AttachTo(target, id, path, path, isKept: true);
            }

            _targets.Add(target);
        }

        _scanWanted = true;
        _mapped.TryAdd(default);
    }

    /// <summary>Attaches nothing more for a target; what it attached becomes the caller's to dispose.</summary>
    public IReadOnlyList<BpfLink> Remove(LibraryTarget target)
    {
        lock (_gate)
        {
            _targets.Remove(target);
            return target.TakeLinks();
        }
    }

    /// <summary>What a target is attached to now.</summary>
    public IReadOnlyList<AttachedLibrary> AttachedOf(LibraryTarget target)
    {
        lock (_gate) return [.. target.Attached.Values];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _worker?.Join();
        lock (_gate)
        {
            Detachment.All([.. _targets.SelectMany(t => t.TakeLinks())]);
            _targets.Clear();
        }

        _mapped.Dispose();
        _stop.Dispose();
    }

    private static IEnumerable<string> StandardFiles(LibraryFiles files)
    {
        foreach (string path in files.Paths) yield return path;
        var seen = new HashSet<FileId>();
        foreach (string directory in SharedLibraries.Directories)
        {
            // Most of these are links to one another.
            if (!FileId.TryOf(directory, out FileId id) || !seen.Add(id)) continue;
            foreach (string name in DirectoryNames.Of(directory))
            {
                if (!files.SearchPatterns.Any(p => FileSystemName.MatchesSimpleExpression(p, name, ignoreCase: false))) continue;
                string path = Path.Combine(directory, name);
                if (File.Exists(path)) yield return path;
            }
        }
    }

    private void Work()
    {
        long scannedAt = Environment.TickCount64;
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                if (_mapped.TryTake(out MappedImage image, (int)ScanInterval.TotalMilliseconds, _stop.Token) && image.Pid != 0) Look(image);
                if (!_scanWanted && Environment.TickCount64 - scannedAt < ScanInterval.TotalMilliseconds) continue;
                _scanWanted = false;
                Scan();
                scannedAt = Environment.TickCount64;
            }
        }
        catch (OperationCanceledException)
        {
            // The receiver stops.
        }
    }

    private void Look(in MappedImage image)
    {
        bool wanted = false;
        lock (_gate)
        {
            foreach (LibraryTarget target in _targets) wanted |= target.Files.Matches(image.Name);
        }

        if (wanted && !AttachToMapped(image.Pid, null)) Forget?.Invoke(image.Inode, image.Device);
    }

    private void Scan()
    {
        var used = new HashSet<FileId>();
        foreach (int pid in _files.Processes())
        {
            if (_stop.IsCancellationRequested) return;
            AttachToMapped(pid, used);
        }

        lock (_gate)
        {
            foreach (LibraryTarget target in _targets)
            {
                foreach ((FileId id, AttachedLibrary library) in target.Attached)
                {
                    if (library.IsKept || used.Contains(id)) continue;
                    target.Attached.Remove(id);
                    library.Dispose();
                    ProbeLog.LibraryLeft(_log, library.Path);
                    Forget?.Invoke(id.Inode, (id.Major << 20) | id.Minor);
                }
            }
        }
    }

    /// <summary>Attaches to all that a process maps; true if it maps a library that a target wants.</summary>
    private bool AttachToMapped(int pid, HashSet<FileId>? used)
    {
        if (!TryReadMaps(pid, out ReadOnlySpan<byte> text)) return false;
        bool any = false;
        foreach (Range range in text.Split((byte)'\n'))
        {
            if (!MappedFile.TryParse(text[range], out MappedFile file)) continue;
            string name = Path.GetFileName(file.Path);
            lock (_gate)
            {
                foreach (LibraryTarget target in _targets)
                {
                    if (!target.Files.Matches(name)) continue;
                    any = true;
                    used?.Add(file.Id);
                    if (!target.Attached.ContainsKey(file.Id)) AttachTo(target, file.Id, PathOf(pid, file), file.Path, isKept: false);
                }
            }
        }

        return any;
    }

    /// <summary>Few processes map so much that the buffer must grow for them; a big one from the start would be resident for all.</summary>
    private bool TryReadMaps(int pid, out ReadOnlySpan<byte> text)
    {
        while (_files.TryRead(pid, "maps", _maps, out text))
        {
            if (text.Length < _maps.Length || _maps.Length >= MaximumMaps) return true;
            _maps = new byte[_maps.Length * 4];
        }

        return false;
    }

    /// <summary>A way to the file that leads through the process's own root, or to the mapping itself where its name is gone.</summary>
    private string PathOf(int pid, in MappedFile file)
    {
        string path = $"{_files.Root}/{pid}/root{file.Path}";
        return file.IsDeleted || !File.Exists(path) ? $"{_files.Root}/{pid}/map_files/{file.Range}" : path;
    }

    private void AttachTo(LibraryTarget target, FileId id, string file, string path, bool isKept)
    {
        if (target.Attached.ContainsKey(id) || target.Attached.Count >= MaximumFiles) return;
        AttachedLibrary library = AttachedLibrary.Attach(file, path, isKept, target);
        target.Attached.Add(id, library);
        if (library.Hooks.Count > 0) ProbeLog.LibraryAttached(_log, path, string.Join(", ", library.Hooks));
        else ProbeLog.LibraryRefused(_log, path, library.Problems.Values.FirstOrDefault() ?? "");
    }
}
