using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>
/// The probe files of a configuration: files, and directories with files that end in .yaml or .yml. Looked at by size and time of change, so that
/// it works wherever files can be read, and where they are links that are turned to other files (Kubernetes).
/// </summary>
/// <param name="paths">Files and directories.</param>
internal sealed class ProbeFiles(IReadOnlyList<string> paths)
{
    private const int MaximumFiles = 1024;
    private const long MaximumLength = 1 << 20;

    private readonly SortedDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>The probes of all files; of one that can't be read now, those it had before.</summary>
    public IEnumerable<ProbeSource> Sources => _known.Values.SelectMany(k => k.Sources);

    /// <summary>What is wrong with files, by path.</summary>
    public IReadOnlyDictionary<string, string> Problems =>
        _known.Where(k => k.Value.Problem is not null).ToDictionary(k => k.Key, k => k.Value.Problem!, StringComparer.Ordinal);

    /// <summary>Looks at all files; true if anything has changed.</summary>
    public bool Refresh()
    {
        bool changed = false;
        HashSet<string> there = [.. Paths];
        foreach (string gone in _known.Keys.Where(k => !there.Contains(k)).ToList())
        {
            _known.Remove(gone);
            changed = true;
        }

        foreach (string path in there)
        {
            Stamp stamp = StampOf(path);
            Known? known = _known.GetValueOrDefault(path);
            if (known is not null && known.Stamp == stamp) continue;
            _known[path] = Read(path, stamp, known);
            changed = true;
        }

        return changed;
    }

    /// <summary>A probe was taken out: it stays away until its file changes.</summary>
    public void Forget(ProbeSource source)
    {
        if (!_known.TryGetValue(source.Origin, out Known? known)) return;
        _known[source.Origin] = known with { Sources = [.. known.Sources.Where(s => s.Name != source.Name)] };
    }

    private static Known Read(string path, Stamp stamp, Known? before)
    {
        try
        {
            if (!File.Exists(path)) return new Known(stamp, before?.Sources ?? [], "there is no such file");
            if (stamp.Length > MaximumLength) return new Known(stamp, before?.Sources ?? [], $"it is larger than {MaximumLength >> 20} MiB");
            return new Known(stamp, ProbeSource.Of(ProbeFile.Parse(File.ReadAllText(path), path), path), null);
        }
        catch (ProbeLanguageException e)
        {
            return new Known(stamp, before?.Sources ?? [], e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Known(stamp, before?.Sources ?? [], e.Message);
        }
    }

    private static Stamp StampOf(string path)
    {
        var file = new FileInfo(path);
        try
        {
            // Of a link: what it leads to now.
            if (file.LinkTarget is not null && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target) file = target;
            return file.Exists ? new Stamp(file.FullName, file.Length, file.LastWriteTimeUtc) : default;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    /// <summary>The files there are now, and those that should be there.</summary>
    public IEnumerable<string> Paths =>
        paths.SelectMany(path => Directory.Exists(path) ? FilesIn(path) : [path]).Distinct(StringComparer.Ordinal).Take(MaximumFiles);

    private static IReadOnlyList<string> FilesIn(string directory)
    {
        try
        {
            return [.. Directory.EnumerateFiles(directory)
                .Where(f => f.EndsWith(".yaml", StringComparison.Ordinal) || f.EndsWith(".yml", StringComparison.Ordinal))
                .Where(f => !Path.GetFileName(f).StartsWith('.'))
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private readonly record struct Stamp(string Path, long Length, DateTime ChangedAt);

    private sealed record Known(Stamp Stamp, IReadOnlyList<ProbeSource> Sources, string? Problem);
}
