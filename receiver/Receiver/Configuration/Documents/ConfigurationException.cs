namespace EbpfReceiver.Configuration;

/// <summary>The configuration is refused. All errors that were found are in it, in the order of the document.</summary>
public sealed class ConfigurationException(IReadOnlyList<ConfigurationError> errors)
    : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>At least one.</summary>
    public IReadOnlyList<ConfigurationError> Errors { get; } = errors;
}
