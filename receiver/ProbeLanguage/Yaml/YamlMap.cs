namespace EbpfReceiver.ProbeLanguage;

/// <summary>A mapping, its entries in the order in which they were written. No key is there twice.</summary>
/// <param name="Location">Where it starts.</param>
/// <param name="Entries">Its keys and values.</param>
internal sealed record YamlMap(SourceLocation Location, IReadOnlyList<YamlEntry> Entries) : YamlNode(Location)
{
    /// <summary>The entry of a key, or null.</summary>
    public YamlEntry? Find(string key)
    {
        foreach (YamlEntry entry in Entries)
        {
            if (entry.Key == key)
                return entry;
        }

        return null;
    }

    /// <inheritdoc/>
    public override string Describe() => "a mapping";
}
