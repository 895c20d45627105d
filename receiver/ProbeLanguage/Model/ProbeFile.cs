namespace EbpfReceiver.ProbeLanguage;

/// <summary>A file of probes, read and checked as far as that goes without a kernel: keys, values, expressions' syntax.</summary>
/// <param name="Path">The path as it was given.</param>
/// <param name="Version">The version of the language; 1.</param>
/// <param name="Probes">The probes, in the order of the file; their names differ.</param>
/// <param name="Text">The whole text, for tools that show lines of it.</param>
public sealed record ProbeFile(string Path, int Version, IReadOnlyList<ProbeDefinition> Probes, string Text)
{
    /// <summary>How long it asks to be traced, as one-liners may; null: it says nothing of it.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Most probes that a file may hold.</summary>
    public const int MaxProbes = 256;

    /// <summary>Longest text that is taken, in UTF-16 units.</summary>
    public const int MaxLength = YamlReader.MaxLength;

    /// <summary>Reads a probe file, or a policy of Tetragon, which is known by its kind.</summary>
    /// <param name="text">The YAML. Hostile text is safe: size, depth and number of probes are bounded.</param>
    /// <param name="path">Its name in messages.</param>
    /// <exception cref="ProbeLanguageException">The file is refused; all errors that were found are in it, with line and column.</exception>
    public static ProbeFile Parse(string text, string path)
    {
        if (TetragonImporter.IsPolicy(text))
            return TetragonImporter.Parse(text, path);
        var diagnostics = new DiagnosticBag();
        ProbeFile? file = ProbeFileReader.Read(text, path, diagnostics);
        diagnostics.ThrowIfAny();
        return file!;
    }

    /// <summary>Reads a probe file and keeps the probes that are right when others are wrong.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="path">Its name in messages.</param>
    /// <param name="diagnostics">What is wrong; empty if nothing is.</param>
    /// <returns>The probes without an error; null if the file as a whole can't be read.</returns>
    public static ProbeFile? ParseLeniently(string text, string path, out IReadOnlyList<ProbeDiagnostic> diagnostics)
    {
        var found = new DiagnosticBag();
        ProbeFile? file = ProbeFileReader.Read(text, path, found);
        diagnostics = found.Items;
        return file;
    }
}
