namespace EbpfReceiver.ProbeLanguage;

/// <summary>A key with its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Location">Where the key stands.</param>
/// <param name="Value">Its value.</param>
internal sealed record YamlEntry(string Key, SourceLocation Location, YamlNode Value);
