using System.Text.RegularExpressions;

namespace EbpfReceiver.IntegrationTests.Catalogue;

/// <summary>What <c>ebpf-receiver probes list</c> says of a probe.</summary>
internal sealed partial record CatalogueState(string Name, string State, string Details)
{
    /// <summary>A configuration in which all probes of the catalogue run.</summary>
    public const string Everything = "probes: { catalogue: { include: [\"*\"] } }\n";

    /// <summary>All probes of a list, by name.</summary>
    public static IReadOnlyDictionary<string, CatalogueState> Read(string list)
    {
        Dictionary<string, CatalogueState> result = [];
        CatalogueState? last = null;
        foreach (string line in list.Split('\n'))
        {
            Match match = ProbeLine().Match(line);
            if (match.Success)
                result[match.Groups[1].Value] = last = new CatalogueState(match.Groups[1].Value, match.Groups[2].Value, "");
            else if (last is not null && line.StartsWith("     ", StringComparison.Ordinal))
                result[last.Name] = last = last with { Details = $"{last.Details}{line.Trim()}\n" };
        }

        return result;
    }

    [GeneratedRegex("^  ([a-z][a-z0-9_]*) +(running|degraded|failed|disabled) ")]
    private static partial Regex ProbeLine();
}
