using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>A probe as it was written, and where.</summary>
internal sealed class ProbeSource
{
    /// <summary>The origin of probes that are part of the program.</summary>
    public const string Catalogue = "catalogue";

    /// <summary>The origin of probes that were added over gRPC.</summary>
    public const string Remote = "grpc";

    private readonly Lazy<ProbeDefinition> _definition;
    private readonly string _text;

    /// <summary>A probe that was read.</summary>
    /// <param name="definition">The probe.</param>
    /// <param name="origin"><c>grpc</c>, or the path of a file.</param>
    /// <param name="text">Its lines in the file: the same lines mean the same probe.</param>
    public ProbeSource(ProbeDefinition definition, string origin, string text)
    {
        _definition = new Lazy<ProbeDefinition>(definition);
        _text = text;
        Name = definition.Name;
        Group = definition.Documentation.Group ?? "";
        IsEnabled = definition.Enabled;
        Description = definition.Documentation.Description?.Trim() ?? "";
        Origin = origin;
    }

    /// <summary>A probe of the catalogue, which is read when its definition is asked for.</summary>
    public ProbeSource(CatalogueEntry entry)
    {
        _definition = new Lazy<ProbeDefinition>(() => ProbeCatalogueFiles.Read(entry));
        // There is one of this name, and it does not change.
        _text = entry.Name;
        Name = entry.Name;
        Group = entry.Group;
        IsEnabled = entry.IsEnabled;
        Description = entry.Description;
        Origin = Catalogue;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The group it is listed in; empty if it is in none.</summary>
    public string Group { get; }

    /// <summary>Whether it runs unless something else is said.</summary>
    public bool IsEnabled { get; }

    /// <summary>What it measures; empty if that was not written.</summary>
    public string Description { get; }

    /// <summary><c>catalogue</c>, <c>grpc</c>, or the path of a file.</summary>
    public string Origin { get; }

    /// <summary>The whole of it.</summary>
    public ProbeDefinition Definition => _definition.Value;

    /// <summary>The probes of a file, each with its own lines.</summary>
    public static IReadOnlyList<ProbeSource> Of(ProbeFile file, string origin)
    {
        string[] lines = file.Text.Split('\n');
        var result = new List<ProbeSource>();
        ProbeDefinition[] byLine = [.. file.Probes.OrderBy(p => p.Location.Line)];
        for (int i = 0; i < byLine.Length; i++)
        {
            int from = Math.Clamp(byLine[i].Location.Line - 1, 0, lines.Length);
            int to = i + 1 < byLine.Length ? Math.Clamp(byLine[i + 1].Location.Line - 1, from, lines.Length) : lines.Length;
            // Several probes in one line share it.
            string text = to > from ? string.Join('\n', lines[from..to]) : lines[Math.Min(from, lines.Length - 1)];
            result.Add(new ProbeSource(byLine[i], origin, text.Trim()));
        }

        return result;
    }

    /// <summary>Whether it is written as the other one is, in the same place.</summary>
    public bool IsSameAs(ProbeSource other) => _text == other._text && Origin == other.Origin;
}
