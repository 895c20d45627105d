using System.Globalization;
using System.Text.RegularExpressions;

namespace EbpfReceiver.IntegrationTests.Operations;

/// <summary>A metrics page in the text format: its samples by name, each with its labels.</summary>
internal sealed partial class ExposedPage
{
    private readonly List<(string Name, IReadOnlyDictionary<string, string> Labels, double Value)> _samples = [];

    public IReadOnlyList<(string Name, IReadOnlyDictionary<string, string> Labels, double Value)> Samples => _samples;

    public static ExposedPage Read(string text)
    {
        ExposedPage page = new();
        foreach (string line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
        {
            Match found = Line().Match(line);
            if (!found.Success)
                throw new InvalidDataException($"not a sample: {line}");
            string value = found.Groups["value"].Value.Replace("+Inf", "Infinity", StringComparison.Ordinal);
            page._samples.Add((
                found.Groups["name"].Value,
                Label().Matches(found.Groups["labels"].Value).ToDictionary(l => l.Groups["key"].Value, l => l.Groups["value"].Value),
                double.Parse(value, CultureInfo.InvariantCulture)));
        }

        return page;
    }

    /// <summary>The labels that any sample of a metric has; null if the metric is not there.</summary>
    public IReadOnlySet<string>? LabelsOf(string metric)
    {
        HashSet<string>? labels = null;
        foreach ((string name, IReadOnlyDictionary<string, string> of, _) in _samples)
        {
            if (name == metric)
                (labels ??= []).UnionWith(of.Keys);
        }

        return labels;
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][\w:]*)(\{(?<labels>([^"}]|"(\\.|[^"\\])*")*)\})? (?<value>\S+)( \d+)?$""")]
    private static partial Regex Line();

    [GeneratedRegex("""(?<key>[a-zA-Z_]\w*)="(?<value>(\\.|[^"\\])*)"(,|$)""")]
    private static partial Regex Label();
}
