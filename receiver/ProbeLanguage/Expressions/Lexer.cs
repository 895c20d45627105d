using System.Globalization;
using System.Numerics;
using System.Text;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Text to words. Pure; every error names the place.</summary>
internal static class Lexer
{
    public const int MaxLength = 4096;
    private const int MaxString = 256;

    // Longest first.
    private static readonly string[] Symbols =
    [
        "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "->", "++", "--", "+", "-", "*", "/", "%", "<", ">", "&", "|", "^", "~", "!", "?", ":",
        "(", ")", "[", "]", "{", "}", ",", ".", ";", "=", "@",
    ];

    /// <summary>The words, an <see cref="TokenKind.End"/> last.</summary>
    /// <exception cref="ExpressionSyntaxException">A word can't be read, or the text is too long.</exception>
    public static List<Token> Read(string text, int most = MaxLength)
    {
        if (text.Length > most)
            throw new ExpressionSyntaxException(new(most, 1), $"an expression is at most {most} characters long");
        var tokens = new List<Token>();
        int at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
                at++;
            if (at >= text.Length)
            {
                tokens.Add(new(TokenKind.End, new(text.Length, 0), ""));
                return tokens;
            }

            Token token = ReadOne(text, at);
            tokens.Add(token);
            at = token.Span.End;
        }
    }

    private static Token ReadOne(string text, int at)
    {
        char c = text[at];
        if (char.IsAsciiDigit(c))
            return ReadNumber(text, at);
        if (IsNameStart(c))
        {
            int end = at + 1;
            while (end < text.Length && IsNamePart(text[end]))
                end++;
            return new(TokenKind.Name, new(at, end - at), text[at..end]);
        }

        if (c is '"' or '\'')
            return ReadQuoted(text, at, c);
        foreach (string symbol in Symbols)
        {
            if (string.CompareOrdinal(text, at, symbol, 0, symbol.Length) == 0)
                return new(TokenKind.Symbol, new(at, symbol.Length), symbol);
        }

        throw new ExpressionSyntaxException(new(at, 1), $"'{Shown(c)}' has no meaning in an expression");
    }

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c is '_' or '$';

    private static bool IsNamePart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private static string Shown(char c) => char.IsControl(c) || char.IsSurrogate(c) ? $"\\u{(int)c:x4}" : c.ToString();

    private static Token ReadNumber(string text, int at)
    {
        int end = at + 1;
        // A dot belongs to the number where a digit follows: 1.5ms.
        while (end < text.Length && (IsNamePart(text[end]) || (text[end] == '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))))
            end++;
        var span = new TextSpan(at, end - at);
        string word = text[at..end].Replace("_", "");
        if (word.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return ulong.TryParse(word.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong hex)
                ? new(TokenKind.Number, span, text[at..end], hex)
                : throw new ExpressionSyntaxException(span, $"\"{text[at..end]}\" is not a hexadecimal number of at most 64 bits");
        }

        if (word.StartsWith("0b", StringComparison.OrdinalIgnoreCase))
        {
            return ulong.TryParse(word.AsSpan(2), NumberStyles.AllowBinarySpecifier, CultureInfo.InvariantCulture, out ulong binary)
                ? new(TokenKind.Number, span, text[at..end], binary)
                : throw new ExpressionSyntaxException(span, $"\"{text[at..end]}\" is not a binary number of at most 64 bits");
        }

        int digits = 0;
        while (digits < word.Length && (char.IsAsciiDigit(word[digits]) || word[digits] == '.'))
            digits++;
        // 0644 is octal, as in C: modes and flags are written so.
        if (digits == word.Length && digits > 1 && word[0] == '0' && !word.Contains('.'))
            return new(TokenKind.Number, span, text[at..end], Octal(word, span));
        return NumberUnit.TryRead(word[..digits], word[digits..], out ulong value, out bool isTime)
            ? new(TokenKind.Number, span, text[at..end], value, isTime)
            : throw new ExpressionSyntaxException(span, BigInteger.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                ? $"{text[at..end]} does not fit into 64 bits"
                : $"\"{text[at..end]}\" is not a number; numbers may end in a unit of time ({NumberUnit.Times}) or size ({NumberUnit.Sizes})");
    }

    private static ulong Octal(string word, TextSpan span)
    {
        ulong value = 0;
        foreach (char c in word)
        {
            if (c > '7' || value >> 61 != 0)
                throw new ExpressionSyntaxException(span, $"\"{word}\" is not an octal number of at most 64 bits; a leading 0 makes it octal, as in C");
            value = (value << 3) | (uint)(c - '0');
        }

        return value;
    }

    private static Token ReadQuoted(string text, int at, char quote)
    {
        var value = new StringBuilder();
        int i = at + 1;
        while (true)
        {
            if (i >= text.Length)
                throw new ExpressionSyntaxException(new(at, 1), "this quote is not closed");
            char c = text[i++];
            if (c == quote)
                break;
            if (c != '\\')
            {
                value.Append(c);
                continue;
            }

            if (i >= text.Length)
                throw new ExpressionSyntaxException(new(at, 1), "this quote is not closed");
            char escaped = text[i++];
            int code = escaped switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                '0' => '\0',
                '\\' or '"' or '\'' => escaped,
                'x' when i + 2 <= text.Length && byte.TryParse(text.AsSpan(i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte b) => b | 0x10000,
                _ => -1,
            };
            if (code < 0)
                throw new ExpressionSyntaxException(new(i - 2, 2), $"the escape \\{Shown(escaped)} is not known; known are \\n \\t \\r \\0 \\\\ \\\" \\' \\xHH");
            if (code > 0xffff)
                i += 2;
            value.Append((char)(code & 0xffff));
        }

        var span = new TextSpan(at, i - at);
        if (Encoding.UTF8.GetByteCount(value.ToString()) > MaxString)
            throw new ExpressionSyntaxException(span, $"a text is at most {MaxString} bytes long");

        // One character between single quotes is its number, as in C; more of them are a text, for YAML likes double quotes for itself.
        return quote == '\'' && value.Length == 1 && value[0] < 128
            ? new(TokenKind.Number, span, text.Substring(at, span.Length), value[0])
            : new(TokenKind.String, span, value.ToString());
    }
}
