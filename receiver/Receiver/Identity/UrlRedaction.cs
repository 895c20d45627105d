namespace EbpfReceiver.Identity;

/// <summary>Takes the user information and the query string out of a URL.</summary>
internal static class UrlRedaction
{
    /// <summary>
    /// <c>postgres://user:secret@host/db?sslkey=x#f</c> becomes <c>postgres://[REDACTED]@host/db?[REDACTED]#f</c>; text without either is
    /// given back as it is.
    /// </summary>
    public static string Redact(string text)
    {
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0) return text;
        int start = scheme + 3;
        int end = text.AsSpan(start).IndexOfAny("/?#") is >= 0 and var i ? start + i : text.Length;
        int at = text.LastIndexOf('@', Math.Max(end - 1, 0), end - start);
        int query = text.IndexOf('?', end);
        if (at < 0 && query < 0) return text;
        int fragment = query < 0 ? -1 : text.IndexOf('#', query);
        ReadOnlySpan<char> host = text.AsSpan(at < 0 ? start : at, (query < 0 ? text.Length : query) - (at < 0 ? start : at));
        return string.Concat(
            string.Concat(text.AsSpan(0, start), at < 0 ? "" : CommandLineRedactor.Mark, host),
            query < 0 ? "" : "?" + CommandLineRedactor.Mark,
            fragment < 0 ? "" : text[fragment..]);
    }
}
