namespace EbpfReceiver.Configuration;

/// <summary>Puts one document over another: mappings are merged key by key, everything else is replaced.</summary>
internal static class ConfigurationMerge
{
    public static ConfigurationNode Merge(ConfigurationNode lower, ConfigurationNode upper)
    {
        // An empty value over a mapping ("console:" in a second file) names it again and changes nothing in it.
        if (lower is MapNode && upper is ScalarNode { IsNull: true })
            return lower;
        if (lower is not MapNode below || upper is not MapNode above)
            return upper;

        var entries = new List<MapEntry>(below.Entries.Count + above.Entries.Count);
        foreach (MapEntry entry in below.Entries)
        {
            ConfigurationNode? over = above.Find(entry.Key);
            entries.Add(over is null ? entry : entry with { Value = Merge(entry.Value, over) });
        }

        foreach (MapEntry entry in above.Entries)
        {
            if (below.Find(entry.Key) is null)
                entries.Add(entry);
        }

        return new MapNode(above.Location, entries);
    }

    public static MapNode Merge(MapNode lower, MapNode upper) => (MapNode)Merge((ConfigurationNode)lower, upper);
}
