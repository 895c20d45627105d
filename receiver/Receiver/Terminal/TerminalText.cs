using System.Globalization;
using System.Text;

namespace EbpfReceiver.Terminal;

/// <summary>
/// Makes text of observed processes safe to show: names and arguments are chosen by whoever runs them, and a terminal obeys control
/// characters wherever they come from.
/// </summary>
internal static class TerminalText
{
    /// <summary>The text with control characters, line breaks and invisible marks replaced, cut to a length.</summary>
    public static string Clean(string text, int maxLength = 200)
    {
        bool clean = text.Length <= maxLength;
        foreach (char c in text)
        {
            if (!clean)
                break;
            clean = !IsUnsafe(c);
        }

        if (clean)
            return text;

        var result = new StringBuilder(Math.Min(text.Length, maxLength) + 1);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (result.Length + rune.Utf16SequenceLength > maxLength - 1)
            {
                result.Append('…');
                break;
            }

            if (rune.Value is '\n' or '\r' or '\t')
                result.Append(' ');
            else if (rune.IsBmp && IsUnsafe((char)rune.Value))
                result.Append('\u00b7');
            else
                result.Append(rune.ToString());
        }

        return result.ToString();
    }

    // C0, C1 and DEL; Cf has the marks that turn the direction of writing around; surrogates here are pairs, and come as runes.
    private static bool IsUnsafe(char c) => char.IsControl(c) || char.GetUnicodeCategory(c) is
        UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
