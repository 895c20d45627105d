namespace EbpfReceiver.CodeGeneration.Tests.Registry;

/// <summary>The facts of OpenTelemetry's semantic conventions 1.44, as lists that no one here made from our registry.</summary>
internal static class SemanticConventions
{
    public sealed record Metric(string Instrument, string Unit, string Stability, IReadOnlyList<string> Required);

    public sealed record Attribute(string Type, string Stability, IReadOnlyList<string> Members);

    public static IReadOnlyDictionary<string, Metric> Metrics { get; } = Lines("metrics-1.44.txt").ToDictionary(
        columns => columns[0],
        columns => new Metric(
            columns[2], columns[3], columns[1], [.. columns[4].Split(',').Where(a => a.EndsWith('!')).Select(a => a.TrimEnd('!'))]));

    public static IReadOnlyDictionary<string, Attribute> Attributes { get; } = Lines("attributes-1.44.txt").ToDictionary(
        columns => columns[0],
        columns => columns[2].StartsWith("enum:", StringComparison.Ordinal)
            ? new Attribute("enum", columns[1], columns[2][5..].Split(','))
            : new Attribute(columns[2], columns[1], []));

    private static IEnumerable<string[]> Lines(string file) =>
        File.ReadLines(Path.Combine(RegistryFiles.Root, "receiver/CodeGeneration.Tests/Registry", file))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries));
}
