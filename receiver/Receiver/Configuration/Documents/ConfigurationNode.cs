namespace EbpfReceiver.Configuration;

/// <summary>A value as it was written, before a schema gives it a type.</summary>
internal abstract record ConfigurationNode(ConfigurationLocation Location)
{
    /// <summary>What the node is, for messages: "a mapping", "a list", a quoted text.</summary>
    public abstract string Describe();
}
