namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Buckets of equal width whose lower ends are inclusive: one below the minimum, then [minimum + i * step, minimum + (i + 1) * step), then
/// one from the maximum on.
/// </summary>
/// <param name="Minimum">Lower end of the first bucket.</param>
/// <param name="Maximum">From here on values are in the last bucket; minimum plus a multiple of the step.</param>
/// <param name="Step">Width; at least 1. At most 1024 steps lie between minimum and maximum.</param>
public sealed record LinearShape(long Minimum, long Maximum, long Step) : HistogramShape;
