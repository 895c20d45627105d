namespace EbpfReceiver.Configuration;

/// <summary>A key whose value is read as <typeparamref name="T"/>.</summary>
internal sealed class ConfigurationKey<T>(string name, ConfigurationType<T> type, string? defaultText, string description)
    : ConfigurationKey(name, defaultText, description)
{
    public override ConfigurationType Type => type;

    public T Read(ConfigurationNode node, string path, BindingContext context) => type.Read(node, path, context);

    /// <summary>The default, read from its text like any other value, so that the documentation cannot differ from what happens.</summary>
    public T Default(string path, BindingContext context)
    {
        if (DefaultText is null)
            return default!;
        ConfigurationNode node = YamlReader.Read(DefaultText, $"default of {path}", context.Errors, withLines: false)!;
        return type.Read(node, path, context);
    }
}
