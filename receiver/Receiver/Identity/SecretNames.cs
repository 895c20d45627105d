namespace EbpfReceiver.Identity;

/// <summary>Tells whether the value under a name (an option, a variable, a header, a key of a connection string) is likely a secret.</summary>
internal static class SecretNames
{
    /// <summary>Words that make a name secret wherever they stand in it, after separators are taken out.</summary>
    private static readonly string[] Strong =
    [
        "password", "passwd", "passphrase", "secret", "token", "apikey", "accesskey", "privatekey", "signingkey", "encryptionkey",
        "credential", "authorization", "bearer", "cookie", "passin", "passout", "accountkey", "sharedaccesssignature",
    ];

    /// <summary>Words that make a name secret only as a word of their own: "pass" does, "compass" does not.</summary>
    private static readonly string[] Weak = ["pass", "pwd", "pw", "auth", "userpass", "requirepass", "masterauth", "creds"];

    /// <summary>Last words of names whose value speaks about a secret, but is none.</summary>
    private static readonly string[] Harmless =
    [
        "file", "path", "dir", "directory", "stdin", "prompt", "ttl", "timeout", "expiry", "length", "type", "name", "policy", "mode",
        "method", "env", "count", "limit", "helper", "endpoint",
    ];

    /// <summary>Whether the value of this name must not be shown. Case, leading dashes and separators do not matter.</summary>
    public static bool IsSecret(ReadOnlySpan<char> name)
    {
        name = name.Trim("-/\"' ");
        if (name.Length is 0 or > 128) return false;
        Span<char> lower = stackalloc char[name.Length];
        name.ToLowerInvariant(lower);
        ReadOnlySpan<char> last = lower[(lower.LastIndexOfAny("-_. ") + 1)..];
        if (Contains(Harmless, last)) return false;

        // Language models count tokens and name tokenizers: --max-tokens is a number.
        if (last is "tokens" or "tokenizer") return false;
        ReadOnlySpan<char> rest = lower;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOfAny("-_. ");
            if (Contains(Weak, end < 0 ? rest : rest[..end])) return true;
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        Span<char> collapsed = stackalloc char[lower.Length];
        int length = 0;
        foreach (char c in lower)
        {
            if (c is not ('-' or '_' or '.' or ' ')) collapsed[length++] = c;
        }

        foreach (string word in Strong)
        {
            if (collapsed[..length].IndexOf(word) >= 0) return true;
        }

        return false;
    }

    private static bool Contains(string[] words, ReadOnlySpan<char> word)
    {
        foreach (string candidate in words)
        {
            if (word.SequenceEqual(candidate)) return true;
        }

        return false;
    }
}
