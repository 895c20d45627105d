namespace EbpfReceiver.Configuration;

/// <summary>One thing that is wrong with the configuration, in words for the person who wrote it.</summary>
/// <param name="Location">Where.</param>
/// <param name="Key">The key's full path, as <c>exporters.otlp.endpoint</c>; empty when the document as a whole is meant.</param>
/// <param name="Message">What is wrong and what is expected instead.</param>
public sealed record ConfigurationError(ConfigurationLocation Location, string Key, string Message)
{
    /// <summary>The error in one line: <c>file:line:column: key: message</c>.</summary>
    public override string ToString() => Key.Length == 0 ? $"{Location}: {Message}" : $"{Location}: {Key}: {Message}";
}
