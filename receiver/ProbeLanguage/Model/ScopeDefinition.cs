namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Which processes a probe looks at, tested in the kernel before anything else. All lists that are not empty must match; of a list, one
/// entry must.
/// </summary>
public sealed record ScopeDefinition
{
    /// <summary>Where it stands.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>The key's full path in the file, for messages.</summary>
    public required string Key { get; init; }

    /// <summary>Process ids.</summary>
    public IReadOnlyList<uint> Pids { get; init; } = [];

    /// <summary>Names of threads as <c>comm</c> has them, at most 15 bytes; with <c>*</c> at an end, the beginning or end.</summary>
    public IReadOnlyList<string> Comms { get; init; } = [];

    /// <summary>Absolute paths of executables.</summary>
    public IReadOnlyList<string> Binaries { get; init; } = [];

    /// <summary>Paths of cgroups, from the root of the hierarchy; what runs in or below them.</summary>
    public IReadOnlyList<string> Cgroups { get; init; } = [];

    /// <summary>Container ids or unique beginnings of them.</summary>
    public IReadOnlyList<string> Containers { get; init; } = [];

    /// <summary>Users, by number or name.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>Where an entry of one of the lists stands, by <c>list[index]</c> as <c>binaries[0]</c>.</summary>
    public IReadOnlyDictionary<string, SourceLocation> Locations { get; init; } = new Dictionary<string, SourceLocation>();
}
