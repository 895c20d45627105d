namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Reads programs of bpftrace: <c>probe, probe /predicate/ { @name[keys] = count(); ... }</c>, any number of them. What is not taken is
/// refused by naming the part.
/// </summary>
public static class BpftraceImporter
{
    /// <summary>What the places in messages are in, where the program was given as an argument.</summary>
    public const string CommandLine = "<command line>";

    /// <summary>Longest program that is taken, in UTF-16 units.</summary>
    public const int MaxLength = 64 << 10;

    /// <summary>Reads a program.</summary>
    /// <param name="text">The program; hostile text is safe.</param>
    /// <param name="file">Its name in messages.</param>
    /// <returns>
    /// Its probes: one for each clause, or for a pair of clauses, one that notes the time and one that takes the difference. Maps become
    /// emitters of the same name, with the @; their keys become attributes.
    /// </returns>
    /// <exception cref="ProbeLanguageException">The program is wrong, or has a part that is not taken.</exception>
    public static ProbeFile Parse(string text, string file = CommandLine)
    {
        ArgumentNullException.ThrowIfNull(text);
        var diagnostics = new DiagnosticBag();
        if (text.Length > MaxLength)
        {
            diagnostics.Add(new(file), "", $"a program is at most {MaxLength} characters long");
            diagnostics.ThrowIfAny();
        }

        var source = new BpftraceSource(text, file);
        try
        {
            var parser = new BpftraceParser(source, diagnostics);
            List<BpftraceClause> clauses = parser.Parse();
            diagnostics.ThrowIfAny();
            IReadOnlyList<ProbeDefinition> probes = new BpftraceTranslator(source).Translate(clauses);
            return new(file, 1, probes, text) { Duration = parser.Duration };
        }
        catch (ExpressionSyntaxException e)
        {
            throw new ProbeLanguageException([source.Diagnose(e.Span, e.Message)]);
        }
    }
}
