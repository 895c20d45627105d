namespace EbpfReceiver.ProbeLanguage;

/// <summary>One thing that is wrong with a probe, in words for the person who wrote it.</summary>
/// <param name="Location">Where.</param>
/// <param name="Key">The key's full path, as <c>probes[0].where</c>; empty when the file or a one-liner as a whole is meant.</param>
/// <param name="Message">What is wrong and what is expected instead.</param>
/// <param name="Excerpt">The expression that is meant, with the part in question; null where there is none.</param>
public sealed record ProbeDiagnostic(SourceLocation Location, string Key, string Message, ExpressionExcerpt? Excerpt = null)
{
    /// <summary>
    /// <c>file:line:column: key: message</c>, and below it, where there is an expression, the expression with the part marked.
    /// </summary>
    public override string ToString()
    {
        string line = Key.Length == 0 ? $"{Location}: {Message}" : $"{Location}: {Key}: {Message}";
        return Excerpt is null ? line : $"{line}{Environment.NewLine}{Excerpt}";
    }
}
