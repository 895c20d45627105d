namespace EbpfReceiver.CodeGeneration.Registry;

/// <summary>A metric, span, event, entity or group of attributes.</summary>
public sealed record RegistryGroup
{
    /// <summary>Its id in the registry, such as <c>metric.dns.lookup.duration</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What it defines.</summary>
    public required GroupType Type { get; init; }

    /// <summary>The file it is in, without directory and extension: the probe that gives it, or <c>self</c>.</summary>
    public required string Area { get; init; }

    /// <summary>The name on the wire: of the metric, span, event or entity; empty for groups of attributes.</summary>
    public required string Name { get; init; }

    /// <summary>What it tells, in a sentence.</summary>
    public required string Brief { get; init; }

    /// <summary>More about it; empty if there is no more.</summary>
    public string Note { get; init; } = "";

    /// <summary>development, alpha, release_candidate or stable.</summary>
    public string Stability { get; init; } = "";

    /// <summary>Of metrics: counter, updowncounter, gauge or histogram.</summary>
    public string Instrument { get; init; } = "";

    /// <summary>Of metrics: UCUM.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Of spans: client, server, internal, producer or consumer.</summary>
    public string SpanKind { get; init; } = "";

    /// <summary>OpenTelemetry's semantic conventions have it; else it has an interim name of ours.</summary>
    public bool Conventional { get; init; }

    /// <summary>It is about the machine: its resource has no process.</summary>
    public bool OfHost { get; init; }

    /// <summary>Its attributes, those of the group it extends first.</summary>
    public required IReadOnlyList<AttributeUse> Attributes { get; init; }
}
