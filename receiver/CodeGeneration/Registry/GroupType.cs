namespace EbpfReceiver.CodeGeneration.Registry;

/// <summary>What a group of the registry defines.</summary>
public enum GroupType
{
    /// <summary>Attributes, for other groups to refer to or extend.</summary>
    AttributeGroup,

    /// <summary>A metric.</summary>
    Metric,

    /// <summary>A log record with an event name.</summary>
    Event,

    /// <summary>A span.</summary>
    Span,

    /// <summary>A part of a resource.</summary>
    Entity,
}
