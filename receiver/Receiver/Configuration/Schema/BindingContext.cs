namespace EbpfReceiver.Configuration;

/// <summary>Collects what is wrong while a document is bound, so that a person sees all of it at once.</summary>
internal sealed class BindingContext
{
    public List<ConfigurationError> Errors { get; } = [];

    public void Report(ConfigurationLocation location, string path, string message) => Errors.Add(new(location, path, message));

    /// <summary>The usual message where a value is of the wrong type.</summary>
    public void Expected(ConfigurationNode node, string path, string expected) =>
        Report(node.Location, path, $"expected {expected}, found {node.Describe()}");
}
