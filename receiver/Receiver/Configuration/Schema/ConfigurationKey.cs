namespace EbpfReceiver.Configuration;

/// <summary>One row of the schema: what is read, checked, documented and offered by editors all comes from it.</summary>
/// <param name="name">The key within its section.</param>
/// <param name="defaultText">The default as it would be written; null: nothing.</param>
/// <param name="description">One or two sentences for the documentation.</param>
internal abstract class ConfigurationKey(string name, string? defaultText, string description)
{
    public string Name { get; } = name;

    public string? DefaultText { get; } = defaultText;

    public string Description { get; } = description;

    public abstract ConfigurationType Type { get; }
}
