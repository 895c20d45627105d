namespace EbpfReceiver.ProbeLanguage;

/// <summary>An expression as it was written, and parsed.</summary>
/// <param name="Text">The text.</param>
/// <param name="Location">Where the text begins.</param>
/// <param name="Key">The key's full path in the file, for messages.</param>
/// <param name="Root">What it says.</param>
/// <param name="IsOneLine">Whether columns in the text are columns in the file; not so for folded and escaped texts.</param>
public sealed record ExpressionSource(string Text, SourceLocation Location, string Key, ExpressionSyntax Root, bool IsOneLine = true)
{
    /// <summary>What was written of the expression itself, where the text is of more than it.</summary>
    public string Written => Text.Substring(Math.Min(Root.Span.Start, Text.Length), Math.Min(Root.Span.Length, Text.Length - Math.Min(Root.Span.Start, Text.Length)));

    /// <summary>Where a part of it is in the file.</summary>
    public SourceLocation LocationOf(TextSpan span)
    {
        if (Location.Line == 0)
            return Location;
        if (IsOneLine)
            return Location with { Column = Location.Column + span.Start };
        if (!IsVerbatim)
            return Location;
        ReadOnlySpan<char> before = Text.AsSpan(0, Math.Min(span.Start, Text.Length));
        int lines = before.Count('\n');
        return lines == 0
            ? Location with { Column = Location.Column + span.Start }
            : Location with { Line = Location.Line + lines, Column = before.Length - before.LastIndexOf('\n') };
    }

    /// <summary>Whether a text of several lines stands in the file as it is, without indentation.</summary>
    public bool IsVerbatim { get; init; }

    /// <summary>Something that is wrong with a part of it.</summary>
    public ProbeDiagnostic Diagnose(TextSpan span, string message) =>
        new(LocationOf(span), Key, message, new(Text, span.Start, span.Length));

    /// <inheritdoc/>
    public override string ToString() => Text;
}
