namespace EbpfReceiver.ProbeLanguage;

/// <summary>A value as it was written, before the model gives it a meaning.</summary>
/// <param name="Location">Where it was written.</param>
internal abstract record YamlNode(SourceLocation Location)
{
    /// <summary>What the node is, for messages: "a mapping", "a list", a quoted text.</summary>
    public abstract string Describe();
}
