namespace EbpfReceiver.ProbeLanguage;

/// <summary>A place in a probe file or in a one-liner.</summary>
/// <param name="File">The path as it was given, or <c>&lt;command line&gt;</c>.</param>
/// <param name="Line">From 1; 0 for the file as a whole.</param>
/// <param name="Column">From 1, in UTF-16 units; 0 for the file as a whole.</param>
public readonly record struct SourceLocation(string File, int Line = 0, int Column = 0)
{
    /// <summary><c>file:line:column</c>, as editors and terminals make a link of it.</summary>
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}
