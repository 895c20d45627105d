namespace EbpfReceiver.ProbeLanguage;

/// <summary>A single value.</summary>
/// <param name="Location">Where it was written; the quote, if it is quoted.</param>
/// <param name="Text">The text without quotes.</param>
/// <param name="Style">How it was written.</param>
internal sealed record YamlScalar(SourceLocation Location, string Text, YamlScalarStyle Style) : YamlNode(Location)
{
    /// <summary>Whether nothing was written, as after <c>where:</c>.</summary>
    public bool IsNull => Style == YamlScalarStyle.Plain && Text is "" or "~" or "null";

    /// <summary>Where the text itself begins.</summary>
    public SourceLocation TextLocation => Style == YamlScalarStyle.Quoted ? Location with { Column = Location.Column + 1 } : Location;

    /// <inheritdoc/>
    public override string Describe() => IsNull ? "nothing" : $"\"{Shortened}\"";

    private string Shortened => Text.Length > 80 ? Text[..77] + "..." : Text;
}
