using System.Text.RegularExpressions;

namespace EbpfReceiver.IntegrationTests.Operations;

/// <summary>
/// The names in an expression of PromQL: metrics, and the labels they are matched and grouped by. Its grammar is promtool's to check.
/// </summary>
internal sealed partial record PromExpression(IReadOnlySet<string> Metrics, IReadOnlySet<string> Labels)
{
    private static readonly HashSet<string> s_words =
        ["and", "or", "unless", "by", "without", "on", "ignoring", "group_left", "group_right", "offset", "bool"];

    public static PromExpression Read(string text)
    {
        HashSet<string> labels = [], metrics = [];
        string rest = Grouping().Replace(Strings().Replace(text, "\"\""), found =>
        {
            labels.UnionWith(Names(found.Groups["labels"].Value));
            return " ";
        });
        rest = Matchers().Replace(rest, found =>
        {
            labels.UnionWith(Names(found.Groups["matchers"].Value));
            return " ";
        });
        // Between brackets are durations; a name before a parenthesis is a function.
        metrics.UnionWith(Names(Functions().Replace(Ranges().Replace(rest, " "), "(")).Where(name => !s_words.Contains(name)));
        return new PromExpression(metrics, labels);
    }

    private static IEnumerable<string> Names(string text) => Name().Matches(text).Select(found => found.Value);

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Strings();

    [GeneratedRegex(@"\b(by|without|on|ignoring|group_left|group_right)\s*\((?<labels>[^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\{(?<matchers>[^}]*)\}")]
    private static partial Regex Matchers();

    [GeneratedRegex(@"\[[^\]]*\]|offset\s+\w+")]
    private static partial Regex Ranges();

    [GeneratedRegex(@"[a-z_]+\s*\(")]
    private static partial Regex Functions();

    [GeneratedRegex(@"(?<![\w.])[a-zA-Z_][a-zA-Z0-9_]*")]
    private static partial Regex Name();
}
