namespace EbpfReceiver.Trace;

/// <summary>A bucket of a histogram that has values.</summary>
/// <param name="Lower">Its lower end in the unit of the map; null: it has none.</param>
/// <param name="Upper">Its upper end; null: it has none.</param>
/// <param name="Count">Values in it.</param>
internal readonly record struct TraceBucket(double? Lower, double? Upper, ulong Count);
