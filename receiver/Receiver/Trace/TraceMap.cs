namespace EbpfReceiver.Trace;

/// <summary>What one emitter of a probe has recorded, to be looked at.</summary>
/// <param name="Name">The metric's name, or the name of a map of a one-liner such as <c>@</c>.</param>
/// <param name="Kind"><c>counter</c>, <c>sum</c>, <c>updown</c>, <c>gauge</c>, <c>histogram</c>, <c>average</c> or <c>topk</c>.</param>
/// <param name="Unit">The unit; empty if it has none.</param>
/// <param name="Keys">Names of the parts of a key.</param>
/// <param name="IsLowerInclusive">Of histograms: buckets are [lower, upper) as with bpftrace; else (lower, upper] as in OTLP.</param>
/// <param name="Rows">Largest first.</param>
internal sealed record TraceMap(
    string Name, string Kind, string Unit, IReadOnlyList<string> Keys, bool IsLowerInclusive, IReadOnlyList<TraceRow> Rows)
{
    /// <summary>Whether rows have buckets.</summary>
    public bool IsHistogram => Kind == "histogram";

    /// <summary>Whether rows have a count and a sum beside their value.</summary>
    public bool IsAverage => Kind == "average";
}
