using EbpfReceiver.Otlp;

namespace EbpfReceiver.Aggregates;

/// <summary>One reading of all aggregates.</summary>
/// <param name="Writer">Takes the points.</param>
/// <param name="Now">Unix ns of this reading.</param>
/// <param name="Previous">Unix ns of the reading before.</param>
internal sealed record Collection(MetricsWriter Writer, ulong Now, ulong Previous)
{
    /// <summary>Points carry what came since the reading before, not all there ever was.</summary>
    public bool IsDelta => Writer.Temporality == Temporality.Delta;

    /// <summary>From when the points of a series count.</summary>
    public ulong StartOf(Series series) => Math.Min(IsDelta && series.WasSent ? Previous : series.Start, Now);
}
