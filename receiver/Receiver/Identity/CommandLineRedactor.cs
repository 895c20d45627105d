using System.Text;

namespace EbpfReceiver.Identity;

/// <summary>
/// Takes secrets out of command lines before they leave the machine: values of options, variables, headers and connection string keys
/// whose name says that they are secret; user information and query strings of URLs; and well-known shapes of tokens. It errs on the side
/// of hiding.
/// </summary>
internal sealed class CommandLineRedactor
{
    /// <summary>What stands in the place of a secret.</summary>
    public const string Mark = "[REDACTED]";

    private static readonly string[] TokenPrefixes =
    [
        "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "glrt-", "xoxa-", "xoxb-", "xoxp-", "xoxr-", "xoxs-", "xapp-", "sk-", "sk_live_",
        "rk_live_", "whsec_", "AKIA", "ASIA", "AIza", "ya29.", "eyJ", "hvs.", "hvb.", "npm_", "pypi-", "dop_v1_", "shpat_", "SG.", "AGE-SECRET-KEY-",
    ];

    /// <summary>Words before a credential, as in <c>Authorization: Bearer x</c>.</summary>
    private static readonly string[] Schemes = ["bearer", "basic", "digest", "negotiate", "token"];

    private const string PrivateKey = "PRIVATE KEY-----";

    private static readonly char[] PairSeparators = [';', '&', ','];

    /// <summary>Scripts within scripts; what is deeper is hidden as a whole.</summary>
    private const int MaximumDepth = 4;

    private readonly string _program;
    private readonly int _depth;
    private Next _next;

    private CommandLineRedactor(string program, int depth)
    {
        _program = program;
        _depth = depth;
    }

    /// <summary>What the argument before this one says of it.</summary>
    private enum Next
    {
        Plain,
        Secret,
        UserPassword,
    }

    /// <summary>Redacts a command line; the strings that hold no secret are the same objects as before.</summary>
    /// <param name="program">The executable's name without its path: the meaning of one-letter options depends on it.</param>
    /// <param name="arguments">The arguments, the program's own name first.</param>
    public static string[] Redact(string program, ReadOnlySpan<string> arguments)
    {
        var redactor = new CommandLineRedactor(program, 0);
        var result = new string[arguments.Length];
        for (int i = 0; i < result.Length; i++) result[i] = redactor.Argument(arguments[i]);
        return result;
    }

    private string Argument(string argument)
    {
        Next expected = _next;
        _next = Next.Plain;
        bool option = argument.Length > 1 && argument[0] == '-';
        if (argument.Contains(PrivateKey, StringComparison.Ordinal)) return Mark;
        if (expected == Next.Secret && Schemes.Contains(argument, StringComparer.OrdinalIgnoreCase))
        {
            _next = Next.Secret;
            return argument;
        }

        if (expected != Next.Plain && !option) return expected == Next.UserPassword ? UserPassword(argument) : Mark;
        if (Header(argument) is { } header) return header;
        if (argument.AsSpan().ContainsAny(" \t\n"))
            return Words(SqlRedaction.IsStatement(argument, mayBeScript: true) ? SqlRedaction.Redact(argument) : argument);
        if (option && argument[1] != '-' && ShortOption(argument) is { } shortened) return shortened;
        return Word(argument);
    }

    /// <summary>An argument without white space.</summary>
    private string Word(string word)
    {
        int equals = word.IndexOf('=');
        int scheme = word.IndexOf("://", StringComparison.Ordinal);
        if (equals > 0 && (scheme < 0 || equals < scheme))
        {
            ReadOnlySpan<char> name = word.AsSpan(0, equals);
            string value = word[(equals + 1)..];
            if (value.AsSpan().IndexOfAny(PairSeparators) >= 0 && scheme < 0) return Pairs(word);
            if (SecretNames.IsSecret(name)) return value.Length == 0 ? word : string.Concat(name, "=", Mark);
            if (name.TrimStart('-') is "user" or "proxy-user") return string.Concat(name, "=", UserPassword(value));
            string redacted = Word(value);
            return ReferenceEquals(redacted, value) ? word : string.Concat(name, "=", redacted);
        }

        if (scheme > 0) return UrlRedaction.Redact(word);
        if (word.StartsWith('-'))
        {
            int colon = word.IndexOf(':');
            if (colon > 0 && SecretNames.IsSecret(word.AsSpan(0, colon))) return string.Concat(word.AsSpan(0, colon), ":", Mark);
            if (SecretNames.IsSecret(word)) _next = Next.Secret;
            else if (word is "--user" or "--proxy-user") _next = Next.UserPassword;
            return word;
        }

        if (word.EndsWith(':') && SecretNames.IsSecret(word.AsSpan(0, word.Length - 1))) _next = Next.Secret;
        else if (word is "Bearer" or "bearer") _next = Next.Secret;
        foreach (string prefix in TokenPrefixes)
        {
            if (word.Length >= prefix.Length + 12 && word.StartsWith(prefix, StringComparison.Ordinal)) return Mark;
        }

        return word;
    }

    /// <summary><c>a=b;password=c</c>: connection strings, forms, lists of mount options.</summary>
    private string Pairs(string word)
    {
        var text = new StringBuilder(word.Length);
        for (int from = 0; from <= word.Length;)
        {
            int end = PairEnd(word, from);
            string pair = Word(word[from..end]);
            _next = Next.Plain;
            text.Append(pair);

            // A secret may hold a separator: pieces without a key of their own belong to it.
            while (pair.EndsWith(Mark, StringComparison.Ordinal) && end < word.Length)
            {
                int next = PairEnd(word, end + 1);
                if (word.AsSpan(end, next - end).Contains('=')) break;
                end = next;
            }

            if (end < word.Length) text.Append(word[end]);
            from = end + 1;
        }

        return text.ToString();
    }

    private static int PairEnd(string word, int from) => word.IndexOfAny(PairSeparators, from) is >= 0 and var end ? end : word.Length;

    /// <summary><c>-pSECRET</c>, <c>-p SECRET</c>, <c>-uUSER:SECRET</c>; null if the option takes no secret.</summary>
    private string? ShortOption(string argument)
    {
        SecretOptions.Form form = SecretOptions.Of(_program, argument[1]);
        if (form == SecretOptions.Form.None) return null;
        if (argument.Length == 2)
        {
            if (form == SecretOptions.Form.Either) _next = Next.Secret;
            if (form == SecretOptions.Form.UserPassword) _next = Next.UserPassword;
            return argument;
        }

        string value = argument[2..];
        return string.Concat(argument.AsSpan(0, 2), form == SecretOptions.Form.UserPassword ? UserPassword(value) : Mark);
    }

    /// <summary><c>Authorization: Bearer x</c>, also after <c>--header=</c>; null if it is no header, or not a secret one.</summary>
    private static string? Header(string argument)
    {
        int colon = argument.IndexOf(": ", StringComparison.Ordinal);
        if (colon <= 0 || argument.AsSpan(0, colon).ContainsAny(" \t\n")) return null;
        int name = argument.LastIndexOf('=', colon) + 1;
        return SecretNames.IsSecret(argument.AsSpan(name, colon - name)) ? string.Concat(argument.AsSpan(0, colon), ": ", Mark) : null;
    }

    /// <summary>Text with white space, such as a script after <c>sh -c</c>: each word as if it were an argument, quoted text as one.</summary>
    private string Words(string text)
    {
        if (_depth == MaximumDepth) return Mark;
        var inner = new CommandLineRedactor(_program, _depth + 1);
        var result = new StringBuilder(text.Length);
        bool atCommand = true;
        for (int at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                result.Append(text[at++]);
                continue;
            }

            int end = WordEnd(text, at);
            string word = text[at..end];
            if (word is "|" or "||" or "&&" or ";")
            {
                atCommand = true;
                result.Append(word);
            }
            else
            {
                // The program that a script runs decides what its options mean.
                if (atCommand) inner = new CommandLineRedactor(word[(word.LastIndexOf('/') + 1)..], _depth + 1);
                result.Append(inner.Quoted(word));
                atCommand = false;
            }

            at = end;
        }

        return result.ToString();
    }

    private string Quoted(string word)
    {
        if (word.Length >= 2 && word[0] is '"' or '\'' && word[^1] == word[0])
            return string.Concat(word.AsSpan(0, 1), Argument(word[1..^1]), word.AsSpan(word.Length - 1));
        int quote = word.AsSpan().IndexOfAny('"', '\'');
        if (quote < 0) return Argument(word);
        int equals = word.IndexOf('=');
        if (equals > 0 && equals < quote)
        {
            string name = word[..equals];
            return string.Concat(name, "=", SecretNames.IsSecret(name) ? Mark : Quoted(word[(equals + 1)..]));
        }

        return word.AsSpan().ContainsAny(" \t\n") ? Mark : Argument(word);
    }

    /// <summary>The end of the word that starts at <paramref name="at"/>; white space in quotes does not end it.</summary>
    private static int WordEnd(string text, int at)
    {
        char quote = '\0';
        for (; at < text.Length; at++)
        {
            char c = text[at];
            if (quote != '\0')
            {
                if (c == quote) quote = '\0';
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (char.IsWhiteSpace(c))
            {
                break;
            }
        }

        return at;
    }

    private static string UserPassword(string value)
    {
        int colon = value.IndexOf(':');
        return colon < 0 ? value : string.Concat(value.AsSpan(0, colon), ":", Mark);
    }
}
