namespace EbpfReceiver.Probes;

/// <summary>A program of a probe, loaded or not.</summary>
/// <param name="Name">Its name in the object.</param>
/// <param name="Hook">The hook it belongs to.</param>
/// <param name="Alternative">The alternative of the hook it belongs to.</param>
/// <param name="Section">Its section, which says what it attaches to.</param>
/// <param name="Instructions">BPF instructions of 8 bytes, without subprograms.</param>
/// <param name="Loaded">It is in the kernel now.</param>
/// <param name="EstimatedNanosecondsPerHit">
/// Cost of one hit: the entry cost of its kind and about a nanosecond for each two instructions. A magnitude, not a measurement.
/// </param>
public sealed record ProgramExplanation(
    string Name,
    string Hook,
    string Alternative,
    string Section,
    int Instructions,
    bool Loaded,
    int EstimatedNanosecondsPerHit)
{
    /// <summary>What the compiler knows of it; null for programs in BPF C.</summary>
    public ProgramAnatomy? Anatomy { get; init; }
}
