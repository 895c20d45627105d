namespace EbpfReceiver.ProbeLanguage;

/// <summary>A sequence.</summary>
/// <param name="Location">Where it starts.</param>
/// <param name="Items">Its values, in order.</param>
internal sealed record YamlList(SourceLocation Location, IReadOnlyList<YamlNode> Items) : YamlNode(Location)
{
    /// <inheritdoc/>
    public override string Describe() => "a list";
}
