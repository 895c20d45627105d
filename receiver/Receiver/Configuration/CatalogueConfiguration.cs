namespace EbpfReceiver.Configuration;

/// <summary>Key <c>probes.catalogue</c>: the probes in YAML that are part of the program.</summary>
public sealed record CatalogueConfiguration
{
    /// <summary>Whether there is a catalogue.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Names and groups of probes that run although the catalogue leaves them off; <c>*</c> as wildcard.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Names and groups of probes that do not run; <c>*</c> as wildcard.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];
}
