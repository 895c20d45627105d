namespace EbpfReceiver.Otlp;

/// <summary>What the points of a sum or histogram count from; values of <c>AggregationTemporality</c>.</summary>
public enum Temporality : byte
{
    /// <summary>Not told.</summary>
    Unspecified = 0,

    /// <summary>Since the previous export.</summary>
    Delta = 1,

    /// <summary>Since the start time, which stays.</summary>
    Cumulative = 2,
}
