using System.Text.Json;

namespace EbpfReceiver.IntegrationTests.Loader;

/// <summary>One line that LoaderCases printed.</summary>
/// <param name="Name">Of the case.</param>
/// <param name="Outcome">passed, refused (the loader said no with an error of its own) or failed.</param>
/// <param name="Reason">Why, unless it passed.</param>
/// <param name="Facts">What the case told beside.</param>
internal sealed record LoaderOutcome(string Name, string Outcome, string Reason, IReadOnlyDictionary<string, string> Facts)
{
    public const string Passed = "passed";
    public const string Refused = "refused";

    public static LoaderOutcome Parse(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement root = document.RootElement;
        return new LoaderOutcome(
            root.GetProperty("name").GetString()!, root.GetProperty("outcome").GetString()!, root.GetProperty("reason").GetString()!,
            root.GetProperty("facts").EnumerateObject().ToDictionary(fact => fact.Name, fact => fact.Value.GetString()!));
    }
}
