namespace EbpfReceiver.ProbeLanguage;

/// <summary>The event or the pair of events that a probe waits for.</summary>
/// <param name="Start">For a pair, the ordered alternatives of its first event; else empty.</param>
/// <param name="End">The ordered alternatives of the second event of a pair, or of the only one. At least one.</param>
/// <param name="Location">Where they stand.</param>
public sealed record ProbeEvents(IReadOnlyList<HookAlternative> Start, IReadOnlyList<HookAlternative> End, SourceLocation Location)
{
    /// <summary>Whether there are two events.</summary>
    public bool IsPair => Start.Count > 0;
}
