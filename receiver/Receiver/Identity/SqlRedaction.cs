using System.Text;

namespace EbpfReceiver.Identity;

/// <summary>
/// Takes the literals out of SQL statements: <c>SELECT a FROM t WHERE b = 'x' AND c = 7</c> becomes <c>SELECT a FROM t WHERE b = ? AND c
/// = ?</c>. It knows the literals of PostgreSQL, MySQL and SQLite. It errs on the side of hiding: text in double quotes is a string for
/// one and a name for another, comments may hold anything, and a literal that was cut off goes on to the end.
/// </summary>
internal static class SqlRedaction
{
    private const char Placeholder = '?';

    private static readonly string[] s_verbs =
    [
        "SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "MERGE", "REPLACE", "CREATE", "ALTER", "DROP", "TRUNCATE", "CALL", "EXEC", "EXECUTE",
        "SET", "COPY", "VALUES", "EXPLAIN", "PREPARE", "DECLARE", "GRANT", "REVOKE", "DO", "LOAD", "CHANGE",
    ];

    /// <summary>Of these, words of a shell as well, where they are written so.</summary>
    private static readonly string[] s_shellWords = ["set", "exec", "do", "declare", "load"];

    /// <summary>Whether a text begins as a statement does, after white space, comments and parentheses.</summary>
    /// <param name="text">The text.</param>
    /// <param name="mayBeScript">Whether it may be a shell's script just as well.</param>
    public static bool IsStatement(ReadOnlySpan<char> text, bool mayBeScript = false)
    {
        text = text.TrimStart(" \t\r\n(;");
        while (text.StartsWith("/*", StringComparison.Ordinal) || text.StartsWith("--", StringComparison.Ordinal))
            text = text[CommentLength(text)..].TrimStart(" \t\r\n(;");
        int end = 0;
        while (end < text.Length && char.IsAsciiLetter(text[end])) end++;
        // A word alone is no statement, and DO and SET are words of other languages.
        if (end == text.Length || !(char.IsWhiteSpace(text[end]) || text[end] is '(' or '*' or '"' or '`' or '/')) return false;
        ReadOnlySpan<char> word = text[..end];
        if (mayBeScript)
        {
            foreach (string shell in s_shellWords)
            {
                if (word.SequenceEqual(shell)) return false;
            }
        }

        foreach (string verb in s_verbs)
        {
            if (word.Equals(verb, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    /// <summary>The statement without its literals.</summary>
    public static string Redact(ReadOnlySpan<char> text)
    {
        var result = new StringBuilder(text.Length);
        for (int at = 0; at < text.Length;)
        {
            char c = text[at];
            ReadOnlySpan<char> rest = text[at..];
            if (c is '\'' or '"')
            {
                result.Append(Placeholder);
                at += QuotedLength(rest);
            }
            else if (rest.StartsWith("--", StringComparison.Ordinal) || rest.StartsWith("/*", StringComparison.Ordinal))
            {
                result.Append("/*?*/");
                at += CommentLength(rest);
            }
            else if (c == '$' && DollarQuotedLength(rest) is > 0 and int dollar)
            {
                result.Append(Placeholder);
                at += dollar;
            }
            else if (char.IsAsciiDigit(c) || (c == '.' && rest.Length > 1 && char.IsAsciiDigit(rest[1])))
            {
                result.Append(Placeholder);
                at += NumberLength(rest);
            }
            else if (IsNamePart(c))
            {
                int length = NameLength(rest);
                // E'..', N'..', X'..', B'..', _utf8'..': the prefix belongs to the literal.
                bool isPrefix = at + length < text.Length && text[at + length] == '\'' && length <= 8;
                if (!isPrefix) result.Append(rest[..length]);
                at += length;
            }
            else
            {
                result.Append(c);
                at++;
            }
        }

        return result.ToString();
    }

    /// <summary>Up to the closing quote; a doubled or escaped one does not close.</summary>
    private static int QuotedLength(ReadOnlySpan<char> text)
    {
        char quote = text[0];
        for (int at = 1; at < text.Length; at++)
        {
            if (text[at] == '\\') at++;
            else if (text[at] == quote && at + 1 < text.Length && text[at + 1] == quote) at++;
            else if (text[at] == quote) return at + 1;
        }

        return text.Length;
    }

    /// <summary><c>$$..$$</c> and <c>$tag$..$tag$</c>, and a parameter such as <c>$1</c>; 0 for any other dollar.</summary>
    private static int DollarQuotedLength(ReadOnlySpan<char> text)
    {
        int end = 1;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_')) end++;
        if (end > 1 && char.IsAsciiDigit(text[1])) return end;
        if (end == text.Length || text[end] != '$') return 0;
        ReadOnlySpan<char> tag = text[..(end + 1)];
        int close = text[tag.Length..].IndexOf(tag, StringComparison.Ordinal);
        return close < 0 ? text.Length : tag.Length + close + tag.Length;
    }

    /// <summary><c>7</c>, <c>7.5e-3</c>, <c>0xFF</c>: digits, letters, points, and a sign after an exponent.</summary>
    private static int NumberLength(ReadOnlySpan<char> text)
    {
        int end = 1;
        while (end < text.Length
            && (char.IsAsciiLetterOrDigit(text[end])
                || text[end] is '.' or '_'
                || (text[end] is '+' or '-' && text[end - 1] is 'e' or 'E' && text[1] is not ('x' or 'X'))))
        {
            end++;
        }

        return end;
    }

    private static int NameLength(ReadOnlySpan<char> text)
    {
        int end = 1;
        while (end < text.Length && (IsNamePart(text[end]) || char.IsAsciiDigit(text[end]))) end++;
        return end;
    }

    private static bool IsNamePart(char c) => char.IsLetter(c) || c is '_' or '@' or '#';

    private static int CommentLength(ReadOnlySpan<char> text)
    {
        bool isLine = text[0] == '-';
        int end = isLine ? text.IndexOf('\n') : text[2..].IndexOf("*/", StringComparison.Ordinal);
        return end < 0 ? text.Length : isLine ? end : end + 4;
    }
}
