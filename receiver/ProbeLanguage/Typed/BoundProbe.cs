namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// A probe whose names are bound to the types of one kernel and whose expressions are typed: what <see cref="ProbeCompiler"/> takes.
/// </summary>
public sealed record BoundProbe
{
    /// <summary>Name of the probe.</summary>
    public required string Name { get; init; }

    /// <summary>Its hooks: one single, or several of them; or starts and ends.</summary>
    public required IReadOnlyList<BoundHook> Hooks { get; init; }

    /// <summary>What it emits; hooks refer to these by index.</summary>
    public required IReadOnlyList<BoundEmitter> Emitters { get; init; }

    /// <summary>Types of what starts hand to ends, in the order of <see cref="BoundProgram.Captures"/>.</summary>
    public IReadOnlyList<ProbeType> CaptureTypes { get; init; } = [];

    /// <summary>Most starts that wait for their end.</summary>
    public int InFlightLimit { get; init; } = 10240;

    /// <summary>Limit on recorded hits; null: none.</summary>
    public EventRate? Rate { get; init; }
}
