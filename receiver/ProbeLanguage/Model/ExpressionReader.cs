namespace EbpfReceiver.ProbeLanguage;

/// <summary>YAML values that hold expressions.</summary>
internal static class ExpressionReader
{
    /// <summary>Parses a value; null, with an error, if it is no expression.</summary>
    public static ExpressionSource? Read(YamlNode node, string key, DiagnosticBag diagnostics)
    {
        if (node is not YamlScalar { IsNull: false } scalar)
        {
            diagnostics.Add(node.Location, key, $"an expression is expected, not {node.Describe()}");
            return null;
        }

        // Columns are right for a text on one line without escapes; the excerpt is right always.
        bool isOneLine = scalar.Style != YamlScalarStyle.Block && !scalar.Text.Contains('\n');
        return Parse(scalar.Text.TrimEnd(), scalar.TextLocation, key, diagnostics, isOneLine, scalar.Style == YamlScalarStyle.Plain);
    }

    /// <summary>Parses a text; null, with an error, if it is no expression.</summary>
    public static ExpressionSource? Parse(
        string text, SourceLocation location, string key, DiagnosticBag diagnostics, bool isOneLine = true, bool isPlain = false)
    {
        try
        {
            return new(text, location, key, ExpressionParser.Parse(text), isOneLine);
        }
        catch (ExpressionSyntaxException e)
        {
            var place = isOneLine && location.Line > 0 ? location with { Column = location.Column + e.Span.Start } : location;
            string hint = isPlain && e.Span.Start >= text.Length && text.Count(c => c == '(') > text.Count(c => c == ')')
                ? "; within { } and [ ] a comma ends a value, so an expression with one stands in quotes"
                : "";
            diagnostics.Add(place, key, e.Message + hint, new(text, e.Span.Start, e.Span.Length));
            return null;
        }
    }
}
