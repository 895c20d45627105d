namespace EbpfReceiver.Bpf;

/// <summary>The USDT probes that a file defines, from its section .note.stapsdt. Reads the file, and asks nothing of the kernel.</summary>
public static class UsdtProbes
{
    private const int LargestSection = 16 << 20;

    /// <summary>All sites of all probes, in the order of the file.</summary>
    /// <param name="path">An executable or a library, 64-bit, x86-64 or aarch64.</param>
    /// <exception cref="BpfException">The file can't be read.</exception>
    /// <exception cref="BpfFormatException">The file or one of its notes is malformed.</exception>
    public static IReadOnlyList<UsdtSite> Read(string path)
    {
        using var file = ImageFile.Open(path);
        return Read(file);
    }

    /// <summary>The sites of one probe.</summary>
    /// <param name="path">An executable or a library.</param>
    /// <param name="provider">Provider; null for any.</param>
    /// <param name="name">Name of the probe.</param>
    /// <returns>At least one.</returns>
    /// <exception cref="BpfException">The file can't be read, or has no such probe: the message names those it has.</exception>
    /// <exception cref="BpfFormatException">The file or one of its notes is malformed.</exception>
    public static IReadOnlyList<UsdtSite> Find(string path, string? provider, string name)
    {
        var all = Read(path);
        var found = new List<UsdtSite>();
        foreach (var site in all)
        {
            if (site.Name == name && (string.IsNullOrEmpty(provider) || site.Provider == provider))
                found.Add(site);
        }

        return found.Count > 0 ? found : throw new BpfException(Missing(path, provider, name, all));
    }

    internal static List<UsdtSite> Read(ImageFile file)
    {
        var sites = new List<UsdtSite>();
        // A debug file keeps the headers of sections that it has no contents of.
        if (file.FindSection(".note.stapsdt") is not { } section)
            return sites;
        ReadOnlySpan<byte> rest = file.ReadAll(section, LargestSection);
        var reference = file.FindSection(".stapsdt.base")?.Address ?? 0;
        string? problem;
        while (UsdtNoteReader.TryRead(ref rest, out var note, out problem))
            sites.Add(Place(file, note, reference));
        return problem is null ? sites : throw file.Malformed(problem);
    }

    private static UsdtSite Place(ImageFile file, in UsdtNote note, ulong reference)
    {
        // prelink moves sections but does not change notes; how far .stapsdt.base went is how far all of them did.
        var moved = reference != 0 && note.Base != 0 ? unchecked(reference - note.Base) : 0;
        var location = unchecked(note.Location + moved);
        var what = $"{note.Provider}:{note.Name}";
        var offset = file.FileOffsetOf(location, executable: true)
            ?? throw file.Malformed($"its USDT probe {what} is in no executable segment");
        ulong semaphore = 0;
        if (note.Semaphore != 0)
        {
            semaphore = file.FileOffsetOf(note.Semaphore, executable: false)
                ?? throw file.Malformed($"the semaphore of its USDT probe {what} is in no segment of data");
        }

        return new(note.Provider, note.Name, offset, semaphore, note.Arguments,
            UsdtArguments.Parse(note.Arguments, (UsdtArchitecture)file.Machine));
    }

    private static string Missing(string path, string? provider, string name, IReadOnlyList<UsdtSite> all)
    {
        const int Most = 20;
        var wanted = string.IsNullOrEmpty(provider) ? name : $"{provider}:{name}";
        if (all.Count == 0)
            return $"{path} has no USDT probe {wanted}: it has none at all.";
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var site in all)
            names.Add($"{site.Provider}:{site.Name}");
        return $"{path} has no USDT probe {wanted}; it has {string.Join(", ", names.Take(Most))}"
            + (names.Count > Most ? $" and {names.Count - Most} more." : ".");
    }
}
