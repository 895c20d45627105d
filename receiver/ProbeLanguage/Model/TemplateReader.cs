using System.Text;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Texts with holes.</summary>
internal static class TemplateReader
{
    private const int MaxLength = 2048;
    private const int MaxHoles = 32;

    /// <summary>Reads the text of a key; null if it is not there or, with an error, is no text.</summary>
    public static TextTemplate? Read(FieldReader fields, string name)
    {
        if (!fields.TryScalar(name, "a text", out YamlScalar? scalar))
            return null;
        bool isOneLine = scalar.Style != YamlScalarStyle.Block && !scalar.Text.Contains('\n');
        return Parse(scalar.Text.TrimEnd('\n'), scalar.TextLocation, fields.PathOf(name), isOneLine, fields.Diagnostics);
    }

    public static TextTemplate? Parse(string text, SourceLocation location, string key, bool isOneLine, DiagnosticBag diagnostics)
    {
        void Fail(int at, string message) => diagnostics.Add(
            isOneLine && location.Line > 0 ? location with { Column = location.Column + at } : location, key, message, new(text, at, 1));

        if (text.Length > MaxLength)
        {
            Fail(0, $"a text is at most {MaxLength} characters long");
            return null;
        }

        var segments = new List<TextSegment>();
        var literal = new StringBuilder();
        int holes = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c is '{' or '}' && i + 1 < text.Length && text[i + 1] == c)
            {
                literal.Append(c);
                i++;
                continue;
            }

            if (c == '}')
            {
                Fail(i, "this brace closes nothing; write }} for a brace");
                return null;
            }

            if (c != '{')
            {
                literal.Append(c);
                continue;
            }

            int end = EndOfHole(text, i + 1);
            if (end < 0)
            {
                Fail(i, "this brace is not closed; write {{ for a brace");
                return null;
            }

            if (++holes > MaxHoles)
            {
                Fail(i, $"a text has at most {MaxHoles} holes");
                return null;
            }

            if (literal.Length > 0)
                segments.Add(new(literal.ToString()));
            literal.Clear();
            if (ReadHole(text[(i + 1)..end], isOneLine ? location with { Column = location.Column + i + 1 } : location, key, isOneLine, diagnostics)
                is not { } hole)
            {
                return null;
            }

            segments.Add(hole);
            i = end;
        }

        if (literal.Length > 0)
            segments.Add(new(literal.ToString()));
        return new(text, segments, location, key);
    }

    // A closing brace in quotes belongs to the expression.
    private static int EndOfHole(string text, int from)
    {
        char quote = '\0';
        for (int i = from; i < text.Length; i++)
        {
            if (quote != '\0')
                quote = text[i] == quote ? '\0' : quote;
            else if (text[i] is '"' or '\'')
                quote = text[i];
            else if (text[i] == '}')
                return i;
        }

        return -1;
    }

    private static TextSegment? ReadHole(string text, SourceLocation location, string key, bool isOneLine, DiagnosticBag diagnostics)
    {
        string name = text.Trim();
        if (name.Length == 0)
        {
            diagnostics.Add(location, key, "an attribute or an expression is missing between the braces");
            return null;
        }

        // {retval:errno}; what follows the colon of a choice is no name of a decoder.
        int colon = name.IndexOf(':');
        IReadOnlyList<DecoderSpec>? decode = colon > 0 && !name.Contains('?') ? DecoderReader.ReadNames(name[(colon + 1)..]) : null;
        if (decode is not null)
            name = name[..colon].TrimEnd();

        // system.device and disk-direction are names of attributes that need not be expressions; the binder asks for names first.
        var trial = new DiagnosticBag();
        ExpressionSource? expression = ExpressionReader.Parse(name, location, key, trial, isOneLine);
        bool isName = name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/' or ':');
        if (expression is null && !isName)
        {
            foreach (ProbeDiagnostic diagnostic in trial.Items)
                diagnostics.Add(diagnostic);
            return null;
        }

        return new("", name, expression, decode);
    }
}
