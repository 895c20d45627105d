namespace EbpfReceiver.ProbeLanguage;

/// <summary>Something that a probe sends out.</summary>
public abstract record EmitterDefinition
{
    /// <summary>Where it stands.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>The key's full path in the file, for messages.</summary>
    public required string Key { get; init; }

    /// <summary>What must be true besides the probe's <c>where</c>.</summary>
    public ExpressionSource? When { get; init; }

    /// <summary>What tells series apart, and what spans and logs carry.</summary>
    public IReadOnlyList<AttributeDefinition> Attributes { get; init; } = [];
}
