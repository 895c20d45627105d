namespace EbpfReceiver.Configuration;

/// <summary>A mapping, its entries in the order in which they were written. No key is there twice.</summary>
internal sealed record MapNode(ConfigurationLocation Location, IReadOnlyList<MapEntry> Entries) : ConfigurationNode(Location)
{
    public ConfigurationNode? Find(string key)
    {
        foreach (MapEntry entry in Entries)
        {
            if (entry.Key == key)
                return entry.Value;
        }

        return null;
    }

    public override string Describe() => "a mapping";
}
