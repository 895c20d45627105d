using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>The map in which the kernel side aggregates one emitter.</summary>
public sealed record SeriesLayout
{
    /// <summary>Index into <see cref="BoundProbe.Emitters"/>.</summary>
    public required int EmitterIndex { get; init; }

    /// <summary>The emitter.</summary>
    public required BoundEmitter Emitter { get; init; }

    /// <summary>Name of the map.</summary>
    public required string MapName { get; init; }

    /// <summary>
    /// PerCpuHash; PerCpuArray with one entry if there are no attributes; Hash or Array for gauges of the last value, which has no CPU.
    /// </summary>
    public required BpfMapType MapType { get; init; }

    /// <summary>
    /// Name of an array map with one entry of the same value: the overflow series, for what a full map has no room for. Empty if there
    /// are no attributes.
    /// </summary>
    public required string OverflowMapName { get; init; }

    /// <summary>Bytes of a key of <see cref="MapName"/> (4 for arrays).</summary>
    public required int KeySize { get; init; }

    /// <summary>The attributes in the key.</summary>
    public required IReadOnlyList<KeyField> Fields { get; init; }

    /// <summary>What a value holds.</summary>
    public required ValueLayout Value { get; init; }
}
