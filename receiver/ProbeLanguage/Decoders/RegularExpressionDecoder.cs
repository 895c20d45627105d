using System.Text.RegularExpressions;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// <c>regexp</c>: the first group of the first pattern that matches, or the whole match where the pattern has no group; <c>_OTHER</c> where
/// none matches, so that sums over all series stay what they are.
/// </summary>
/// <param name="patterns">The patterns.</param>
internal sealed class RegularExpressionDecoder(IReadOnlyList<string> patterns) : Decoder
{
    private const string Other = "_OTHER";

    private readonly Regex[] _patterns = [.. patterns.Select(Compile)];

    /// <summary>Compiles a pattern. Matching takes time linear in the text, whatever the pattern: it may be anybody's.</summary>
    /// <exception cref="ArgumentException">It is malformed.</exception>
    /// <exception cref="NotSupportedException">It looks ahead, behind or back, which can't be done in linear time.</exception>
    public static Regex Compile(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <inheritdoc/>
    public override DecodedValue Decode(in DecodedValue value, DecodingContext context)
    {
        string text = value.ToString();
        foreach (Regex pattern in _patterns)
        {
            Match match = pattern.Match(text);
            if (match.Success) return DecodedValue.Of(match.Groups.Count > 1 ? match.Groups[1].Value : match.Value);
        }

        return DecodedValue.Of(Other);
    }
}
