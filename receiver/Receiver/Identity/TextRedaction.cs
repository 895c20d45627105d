using System.Text;

namespace EbpfReceiver.Identity;

/// <summary>
/// Takes out of any text what must not leave the machine by default: literals where it is a statement of SQL; and where it has URLs or
/// paths with a query, their user information and their queries.
/// </summary>
internal static class TextRedaction
{
    /// <summary>The text without that; the same object if there was nothing of it.</summary>
    public static string Redact(string text)
    {
        if (SqlRedaction.IsStatement(text)) return SqlRedaction.Redact(text);
        if (!text.AsSpan().ContainsAny('?', '@')) return text;
        StringBuilder? result = null;
        int copied = 0;
        for (int at = 0; at < text.Length;)
        {
            int end = text.AsSpan(at).IndexOfAny(" \t\r\n\"'<>") is >= 0 and var length ? at + length : text.Length;
            string word = text[at..end];
            string redacted = Word(word);
            if (!ReferenceEquals(word, redacted))
            {
                result ??= new StringBuilder(text.Length);
                result.Append(text.AsSpan(copied, at - copied)).Append(redacted);
                copied = end;
            }

            at = end + 1;
        }

        return result is null ? text : result.Append(text.AsSpan(copied)).ToString();
    }

    private static string Word(string word)
    {
        if (word.Contains("://", StringComparison.Ordinal)) return UrlRedaction.Redact(word);
        // A target of HTTP: /path?query.
        int query = word.StartsWith('/') ? word.IndexOf('?', StringComparison.Ordinal) : -1;
        return query < 0 || query + 1 == word.Length ? word : string.Concat(word.AsSpan(0, query + 1), CommandLineRedactor.Mark);
    }
}
