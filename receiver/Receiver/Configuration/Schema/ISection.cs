namespace EbpfReceiver.Configuration;

/// <summary>A mapping with known keys.</summary>
internal interface ISection
{
    IReadOnlyList<ConfigurationKey> Keys { get; }
}
