namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>span</c>: from the start to the end of a pair.</summary>
public sealed record SpanDefinition : EventDefinition
{
    /// <summary>Its name.</summary>
    public required TextTemplate Name { get; init; }

    /// <summary>Its kind.</summary>
    public SpanDefinitionKind Kind { get; init; }

    /// <summary>What makes it an error if true; null for never.</summary>
    public ExpressionSource? Error { get; init; }
}
