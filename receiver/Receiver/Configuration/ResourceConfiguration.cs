namespace EbpfReceiver.Configuration;

/// <summary>Key <c>resource</c>: attributes of everything that is sent.</summary>
public sealed record ResourceConfiguration
{
    /// <summary>service.name of the receiver's own telemetry; observed processes have their own.</summary>
    public required string ServiceName { get; init; }

    /// <summary>Added to every resource; they win over what is detected.</summary>
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }
}
