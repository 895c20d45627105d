using System.IO.Compression;
using System.Text;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>
/// The probe files that are part of this program (probes/catalogue). An index says which probes they hold; a probe is read from its file when it
/// is to run, or to be explained.
/// </summary>
internal static class ProbeCatalogueFiles
{
    private const string Prefix = "catalogue/";

    private static readonly Lazy<IReadOnlyList<CatalogueEntry>> Index = new(ReadIndex);

    private static readonly Lazy<IReadOnlyCollection<string>> AllNames =
        new(() => new HashSet<string>(Entries.SelectMany(e => (string[])[e.Name, e.Group]).Where(n => n.Length > 0), StringComparer.Ordinal));

    /// <summary>All probes of the catalogue, in the order of their files' names.</summary>
    public static IReadOnlyList<CatalogueEntry> Entries => Index.Value;

    /// <summary>Names and groups of all probes of the catalogue.</summary>
    public static IReadOnlyCollection<string> Names => AllNames.Value;

    /// <summary>All probes of the catalogue; none is read from its file yet.</summary>
    public static IReadOnlyList<ProbeSource> Sources() => [.. Entries.Select(e => new ProbeSource(e))];

    /// <summary>Reads one probe from its file; the others in it are left out.</summary>
    public static ProbeDefinition Read(CatalogueEntry entry)
    {
        string[] lines = TextOf(entry.File).Split('\n');
        int first = Entries.First(e => e.File == entry.File).Line;
        // Empty lines in the place of the others: what is said of a probe names the line that it has in the file.
        for (int line = first; line <= lines.Length; line++)
        {
            if (line < entry.Line || (entry.NextLine > 0 && line >= entry.NextLine)) lines[line - 1] = "";
        }

        return ProbeFile.Parse(string.Join('\n', lines), Prefix + entry.File).Probes[0];
    }

    /// <summary>The text of a file, by its name there.</summary>
    public static string TextOf(string file)
    {
        using var text = new GZipStream(Open($"{file}.gz"), CompressionMode.Decompress);
        using var reader = new StreamReader(text, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static IReadOnlyList<CatalogueEntry> ReadIndex()
    {
        using var reader = new StreamReader(Open("index"), Encoding.UTF8);
        var entries = new List<CatalogueEntry>();
        while (reader.ReadLine() is { } line) entries.Add(CatalogueEntry.Parse(line));
        return entries;
    }

    private static Stream Open(string name) => typeof(ProbeCatalogueFiles).Assembly.GetManifestResourceStream(Prefix + name)
        ?? throw new InvalidOperationException($"This build has no {Prefix}{name}.");
}
