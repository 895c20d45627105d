namespace EbpfReceiver.ProbeLanguage;

/// <summary>The samples of a span or log emitter, in the shared perf buffer.</summary>
/// <remarks>
/// A sample begins with struct sample_header (56 bytes; probes/bpf/samples.h). Behind it: u32 probe id at 56, u16 index of the emitter at 60,
/// u16 sampling at 62 (the sample stands for 2^n hits), u64 duration in ns at 64 (0 for hooks that are no end of a pair), then the fields.
/// </remarks>
public sealed record EventLayout
{
    /// <summary>Offset of the probe id, u32.</summary>
    public const int ProbeIdOffset = 56;

    /// <summary>Offset of the emitter's index, u16.</summary>
    public const int EmitterOffset = 60;

    /// <summary>Offset of the sampling exponent, u16.</summary>
    public const int SamplingOffset = 62;

    /// <summary>Offset of the duration, u64.</summary>
    public const int DurationOffset = 64;

    /// <summary>Offset of the first field.</summary>
    public const int FieldsOffset = 72;

    /// <summary>Index into <see cref="BoundProbe.Emitters"/>.</summary>
    public required int EmitterIndex { get; init; }

    /// <summary>The emitter.</summary>
    public required BoundEmitter Emitter { get; init; }

    /// <summary>Bytes of a sample, a multiple of 8; the perf buffer may add padding.</summary>
    public required int Size { get; init; }

    /// <summary>The attributes in the sample.</summary>
    public required IReadOnlyList<KeyField> Fields { get; init; }
}
