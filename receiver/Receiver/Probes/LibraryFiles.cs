namespace EbpfReceiver.Probes;

/// <summary>Which shared libraries a probe attaches to.</summary>
/// <param name="Matches">Whether a file is one of them, by the last component of its path.</param>
/// <param name="SearchPatterns">Patterns by which they are looked for in the standard directories when the probe starts.</param>
/// <param name="Paths">Files named by the configuration.</param>
internal sealed record LibraryFiles(Func<string, bool> Matches, IReadOnlyList<string> SearchPatterns, IReadOnlyList<string> Paths)
{
    /// <summary>Whether a program with an attach target is meant for the file of a path; null: all are for all files.</summary>
    public Func<string, string, bool>? Serves { get; init; }
}
