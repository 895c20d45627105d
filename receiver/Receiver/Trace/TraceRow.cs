using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Trace;

/// <summary>What a map has for one key.</summary>
internal sealed record TraceRow
{
    /// <summary>The parts of the key, decoded, in the order of <see cref="TraceMap.Keys"/>; none for what has no room of its own.</summary>
    public required IReadOnlyList<DecodedValue> Key { get; init; }

    /// <summary>It takes what a full map has no room for.</summary>
    public bool IsOverflow { get; init; }

    /// <summary>Of counters, sums and gauges the value; of histograms the number of values.</summary>
    public required double Value { get; init; }

    /// <summary>The value where it is a whole number, exactly.</summary>
    public long? Whole { get; init; }

    /// <summary>Of averages: the number of values.</summary>
    public ulong Count { get; init; }

    /// <summary>Of histograms and averages: the sum of the values.</summary>
    public double Sum { get; init; }

    /// <summary>Of histograms and averages: the sum where values are whole numbers, exactly.</summary>
    public long? WholeSum { get; init; }

    /// <summary>Of histograms: the least value.</summary>
    public double Minimum { get; init; }

    /// <summary>Of histograms: the greatest value.</summary>
    public double Maximum { get; init; }

    /// <summary>Of histograms: the buckets, ascending, those in between that are empty among them.</summary>
    public IReadOnlyList<TraceBucket> Buckets { get; init; } = [];
}
