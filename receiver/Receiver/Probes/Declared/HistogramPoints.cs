using EbpfReceiver.Otlp;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>Writes the buckets of a histogram as OTLP has them.</summary>
internal sealed class HistogramPoints
{
    private readonly BucketLayout _layout;
    private readonly BoundEmitter _emitter;
    private readonly double[] _bounds;
    private readonly ulong[] _counts;

    /// <param name="layout">The buckets of the map.</param>
    /// <param name="emitter">The emitter.</param>
    public HistogramPoints(BucketLayout layout, BoundEmitter emitter)
    {
        _layout = layout;
        _emitter = emitter;
        _bounds = [.. BucketBounds.Of(layout).Select(b => Scaling.Of(b, true, emitter.ValueScale))];
        _counts = new ulong[_bounds.Length + 1];
    }

    /// <summary>Whether points are exponential; else their bounds are explicit.</summary>
    public bool IsExponential => _layout.Shape is ExponentialShape;

    /// <summary>Begins a point.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="start">Unix ns: from when it counts.</param>
    /// <param name="now">Unix ns: when it was read.</param>
    /// <param name="series">The series.</param>
    /// <param name="totals">Its values, or what came of them.</param>
    /// <param name="extremes">Whether its least and greatest value are those of the totals.</param>
    public PointWriter Begin(MetricsWriter writer, ulong start, ulong now, DeclaredSeries series, SeriesTotals totals, bool extremes)
    {
        // The count is that of the buckets, so that a value that was read half-way through an update still adds up.
        ulong count = totals.Zero + totals.Negative;
        foreach (ulong bucket in totals.Buckets) count += bucket;
        double sum = Scaling.Of((long)totals.Sum, _emitter.IsSigned, _emitter.ValueScale);
        double minimum = extremes ? Scaling.Of(series.Minimum, _emitter.IsSigned, _emitter.ValueScale) : double.NaN;
        double maximum = extremes ? Scaling.Of(series.Maximum, _emitter.IsSigned, _emitter.ValueScale) : double.NaN;
        if (_layout.Shape is ExponentialShape shape)
        {
            return writer.ExponentialHistogramPoint(start, now, new ExponentialHistogram
            {
                Scale = shape.Scale,
                Count = count,
                Sum = sum,
                Minimum = minimum,
                Maximum = maximum,
                ZeroCount = totals.Zero + totals.Negative,
                ZeroThreshold = _layout.ZeroThreshold,
                Offset = _layout.FirstIndex,
                Positive = totals.Buckets,
            });
        }

        BucketBounds.Fill(_layout, totals, _counts);
        return writer.HistogramPoint(start, now, new ExplicitHistogram
        {
            Count = count,
            Sum = totals.Negative > 0 ? double.NaN : sum,
            Minimum = minimum,
            Maximum = maximum,
            Bounds = _bounds,
            Buckets = _counts,
        });
    }
}
