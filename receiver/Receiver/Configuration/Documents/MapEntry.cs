namespace EbpfReceiver.Configuration;

/// <summary>A key with its value, and where the key stands.</summary>
internal sealed record MapEntry(string Key, ConfigurationLocation Location, ConfigurationNode Value);
