namespace EbpfReceiver.Configuration;

/// <summary>Gives the builder of a section its values: what is written, or the default.</summary>
internal readonly struct SectionReader(MapNode? map, string path, BindingContext context)
{
    public T Get<T>(ConfigurationKey<T> key)
    {
        string keyPath = path.Length == 0 ? key.Name : $"{path}.{key.Name}";
        return map?.Find(key.Name) is { } node ? key.Read(node, keyPath, context) : key.Default(keyPath, context);
    }

    /// <summary>Reports what only the whole section can tell to be wrong, at the key that is to be changed.</summary>
    public void Report(ConfigurationKey key, string message) =>
        context.Report((map?.Find(key.Name) ?? (ConfigurationNode?)map)?.Location ?? default, $"{path}.{key.Name}", message);
}
