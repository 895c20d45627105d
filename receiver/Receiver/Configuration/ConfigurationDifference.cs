namespace EbpfReceiver.Configuration;

/// <summary>Tells which keys two configurations differ in.</summary>
internal static class ConfigurationDifference
{
    /// <summary>
    /// The paths of the keys whose values are not the same, in their order, as <c>exporters.otlp.endpoint</c>; of a section that only
    /// one of them has, all its keys, or its own if it has none. A value that is written and the same as the default differs from one
    /// that is not written.
    /// </summary>
    public static IReadOnlyList<string> Between(ReceiverConfiguration one, ReceiverConfiguration other)
    {
        var paths = new List<string>();
        foreach (string section in Keys(one.Document, other.Document))
            Compare(section, one.Document.Find(section), other.Document.Find(section), paths);
        paths.Sort(StringComparer.Ordinal);
        return paths;
    }

    private static void Compare(string path, ConfigurationNode? one, ConfigurationNode? other, List<string> paths)
    {
        var first = one as MapNode;
        var second = other as MapNode;
        bool areSections = (one is null || first is not null) && (other is null || second is not null);
        if (areSections && (first?.Entries.Count > 0 || second?.Entries.Count > 0))
        {
            foreach (string key in Keys(first, second)) Compare($"{path}.{key}", first?.Find(key), second?.Find(key), paths);
        }
        else if (!IsSame(one, other))
        {
            paths.Add(path);
        }
    }

    private static bool IsSame(ConfigurationNode? one, ConfigurationNode? other) => (one, other) switch
    {
        (null, null) => true,
        (ScalarNode a, ScalarNode b) => a.Text == b.Text && a.IsNull == b.IsNull,
        (ListNode a, ListNode b) => a.Items.Count == b.Items.Count && a.Items.Zip(b.Items).All(pair => IsSame(pair.First, pair.Second)),
        (MapNode a, MapNode b) => Keys(a, b).All(key => IsSame(a.Find(key), b.Find(key))),
        _ => false,
    };

    private static IEnumerable<string> Keys(MapNode? one, MapNode? other) =>
        (one?.Entries ?? []).Concat(other?.Entries ?? []).Select(entry => entry.Key).Distinct(StringComparer.Ordinal);
}
