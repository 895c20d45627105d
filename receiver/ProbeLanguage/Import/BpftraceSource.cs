namespace EbpfReceiver.ProbeLanguage;

/// <summary>The text of a program, and what its places are called.</summary>
/// <param name="text">The text.</param>
/// <param name="file">Its name.</param>
internal sealed class BpftraceSource(string text, string file)
{
    /// <summary>The text, comments blanked out.</summary>
    public string Text { get; } = WithoutComments(text);

    public SourceLocation LocationOf(int offset)
    {
        int line = 1, start = 0;
        for (int i = 0; i < offset && i < text.Length; i++)
        {
            if (text[i] == '\n')
                (line, start) = (line + 1, i + 1);
        }

        return new(file, line, offset - start + 1);
    }

    public ProbeDiagnostic Diagnose(TextSpan span, string message) => new(LocationOf(span.Start), "", message, new(text, span.Start, span.Length));

    public ExpressionSource Expression(ExpressionSyntax root) =>
        new(text, LocationOf(0), "", root, IsOneLine: !text.Contains('\n')) { IsVerbatim = true };

    /// <summary>The text with comments replaced by spaces, so that places stay what they are.</summary>
    private static string WithoutComments(string text)
    {
        char[] result = text.ToCharArray();
        bool quoted = false;
        for (int i = 0; i < result.Length; i++)
        {
            if (quoted)
            {
                if (result[i] == '\\')
                    i++;
                else if (result[i] == '"')
                    quoted = false;
                continue;
            }

            if (result[i] == '"')
            {
                quoted = true;
                continue;
            }

            bool isLine = (result[i] == '#' && (i == 0 || result[i - 1] == '\n')) || (result[i] == '/' && i + 1 < result.Length && result[i + 1] == '/' && IsCommentStart(text, i));
            bool isBlock = result[i] == '/' && i + 1 < result.Length && result[i + 1] == '*';
            if (!isLine && !isBlock)
                continue;
            int end = isLine ? text.IndexOf('\n', i) : text.IndexOf("*/", i + 2, StringComparison.Ordinal);
            end = end < 0 ? result.Length : isLine ? end : end + 2;
            for (; i < end; i++)
                result[i] = result[i] == '\n' ? '\n' : ' ';
            i--;
        }

        return new(result);
    }

    // uprobe://path and an empty predicate are no comments, but nobody writes them; what follows a space or begins a line is one.
    private static bool IsCommentStart(string text, int at) => at == 0 || char.IsWhiteSpace(text[at - 1]) || text[at - 1] is ';' or '}' or '{';
}
