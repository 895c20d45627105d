namespace EbpfReceiver.ProbeLanguage;

/// <summary>Buckets with given inclusive upper bounds, and one above the last.</summary>
/// <param name="Bounds">In the unit of the recorded value, rising; 1 to 128 of them.</param>
public sealed record ExplicitShape(IReadOnlyList<long> Bounds) : HistogramShape;
