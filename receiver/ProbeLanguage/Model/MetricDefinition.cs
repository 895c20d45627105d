namespace EbpfReceiver.ProbeLanguage;

/// <summary>A metric, added up in the kernel.</summary>
public abstract record MetricDefinition : EmitterDefinition
{
    /// <summary>The metric's name, as <c>linux.block.request.duration</c>.</summary>
    public required string Name { get; init; }

    /// <summary>UCUM, as <c>s</c>, <c>By</c>, <c>{request}</c>; empty if not written.</summary>
    public string Unit { get; init; } = "";

    /// <summary>For people; null if not written.</summary>
    public string? Description { get; init; }

    /// <summary>What is added up; null counts 1.</summary>
    public ExpressionSource? Value { get; init; }

    /// <summary>Whether values stay as the kernel has them, times in nanoseconds, whatever the unit; so with one-liners.</summary>
    public bool IsRaw { get; init; }

    /// <summary>Its own limits.</summary>
    public LimitsDefinition Limits { get; init; } = LimitsDefinition.None;
}
