namespace EbpfReceiver.ProbeLanguage;

/// <summary>A part of an expression, to be shown with a mark under it.</summary>
/// <param name="Text">The whole expression.</param>
/// <param name="Start">Where the part begins, in UTF-16 units.</param>
/// <param name="Length">How long it is; 0 marks a place between characters.</param>
public sealed record ExpressionExcerpt(string Text, int Start, int Length)
{
    private const int MaxShown = 120;

    /// <summary>Two lines: the line of the expression with the part, and a caret with tildes under it.</summary>
    public override string ToString()
    {
        int start = Math.Clamp(Start, 0, Text.Length);
        int lineStart = start == 0 ? 0 : Text.LastIndexOf('\n', start - 1) + 1;
        int lineEnd = Text.IndexOf('\n', start);
        if (lineEnd < 0)
            lineEnd = Text.Length;

        // A long line is cut to what surrounds the part.
        string before = "", after = "";
        if (lineEnd - lineStart > MaxShown)
        {
            int from = Math.Max(lineStart, start - (MaxShown / 2));
            int to = Math.Min(lineEnd, from + MaxShown);
            (before, after) = (from > lineStart ? "..." : "", to < lineEnd ? "..." : "");
            (lineStart, lineEnd) = (from, to);
        }

        int marked = Math.Clamp(Length, 1, Math.Max(1, lineEnd - start));
        string line = Text[lineStart..lineEnd].Replace('\t', ' ').Replace('\r', ' ');
        string indent = new(' ', before.Length + start - lineStart);
        return $"    {before}{line}{after}{Environment.NewLine}    {indent}^{new string('~', marked - 1)}";
    }
}
