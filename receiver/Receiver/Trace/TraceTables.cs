using EbpfReceiver.ProbeLanguage;
using EbpfReceiver.Probes.Declared;

namespace EbpfReceiver.Trace;

/// <summary>Makes tables of what was read.</summary>
internal static class TraceTables
{
    /// <summary>The table of emitters that record the same, each in a map of its own.</summary>
    /// <param name="tables">At least one. Their keys have as many parts, and their buckets the same bounds.</param>
    public static TraceMap Of(IReadOnlyList<SeriesTable> tables)
    {
        SeriesTable first = tables[0];
        BoundEmitter emitter = first.Layout.Emitter;
        IEnumerable<TraceRow> rows = TraceRows.Joined(
            tables.SelectMany(table => table.All.Where(s => s.HasExtremes || s.Totals.Count > 0 || s.Totals.Sum != 0).Select(s => Row(table, s))), emitter);
        IEnumerable<TraceRow> sorted = rows.OrderByDescending(r => r.Value).ThenBy(r => KeyText(r.Key), StringComparer.Ordinal);
        if (emitter.Kind == EmitterKind.TopK) sorted = TraceRows.Top([.. sorted], emitter.Top);
        return new TraceMap(
            emitter.Name,
            emitter.IsAverage ? "average" : (tables.FirstOrDefault(t => t.Layout.Emitter.Kind == EmitterKind.UpDown) ?? first).Layout.Emitter.Kind.ToString().ToLowerInvariant(),
            emitter.Unit,
            [.. first.Fields.Where(f => f.IsReported).Select(f => f.Text)],
            emitter.Histogram is PowersOfTwoShape or LinearShape,
            [.. sorted]);
    }

    /// <summary>A key in one line.</summary>
    public static string KeyText(IReadOnlyList<DecodedValue> key) => string.Join(", ", key.Select(k => k.Kind == DecodedKind.None ? "-" : k.ToString()));

    private static TraceRow Row(SeriesTable table, DeclaredSeries series)
    {
        BoundEmitter emitter = table.Layout.Emitter;
        DecodedValue[] key = [.. series.Attributes.Where((_, i) => table.Fields[i].IsReported)];
        SeriesTotals totals = series.Totals;
        if (emitter.Kind == EmitterKind.Histogram)
        {
            IReadOnlyList<TraceBucket> buckets = Buckets(table.Layout.Value.Buckets!, emitter, totals);
            ulong count = 0;
            foreach (TraceBucket bucket in buckets) count += bucket.Count;
            if (emitter.IsAverage) return Average(emitter, key, series);
            return new TraceRow
            {
                Key = key,
                IsOverflow = series.IsOverflow,
                Value = count,
                Whole = (long)count,
                Sum = Scaled(emitter, (long)totals.Sum),
                WholeSum = Scaling.IsNone(emitter.ValueScale) ? (long)totals.Sum : null,
                Minimum = Scaled(emitter, series.Minimum),
                Maximum = Scaled(emitter, series.Maximum),
                Buckets = buckets,
            };
        }

        long raw = emitter.Kind switch
        {
            EmitterKind.Gauge when emitter.Gauge == GaugeMode.Minimum => series.Minimum,
            EmitterKind.Gauge when emitter.Gauge == GaugeMode.Maximum => series.Maximum,
            EmitterKind.Gauge => series.Last,
            _ => (long)(table.Layout.Value.SumOffset >= 0 ? totals.Sum : totals.Count),
        };
        return new TraceRow
        {
            Key = key,
            IsOverflow = series.IsOverflow,
            Value = Scaled(emitter, raw),
            Whole = Scaling.IsNone(emitter.ValueScale) ? raw : null,
        };
    }

    private static TraceRow Average(BoundEmitter emitter, DecodedValue[] key, DeclaredSeries series)
    {
        SeriesTotals totals = series.Totals;
        double sum = Scaled(emitter, (long)totals.Sum);
        return new TraceRow
        {
            Key = key,
            IsOverflow = series.IsOverflow,
            Value = totals.Count > 0 ? sum / totals.Count : 0,
            Count = totals.Count,
            Sum = sum,
            WholeSum = Scaling.IsNone(emitter.ValueScale) ? (long)totals.Sum : null,
        };
    }

    /// <summary>All buckets, ascending.</summary>
    private static IReadOnlyList<TraceBucket> Buckets(BucketLayout layout, BoundEmitter emitter, SeriesTotals totals)
    {
        var all = new List<TraceBucket>();
        switch (layout.Shape)
        {
            case PowersOfTwoShape:
                all.Add(new TraceBucket(null, 0, totals.Negative));
                all.Add(new TraceBucket(0, 1, totals.Zero));
                for (int i = 0; i < totals.Buckets.Length; i++)
                    all.Add(new TraceBucket(Scaled(emitter, Math.Pow(2, i)), Scaled(emitter, Math.Pow(2, i + 1)), totals.Buckets[i]));
                break;
            case LinearShape linear:
                all.Add(new TraceBucket(null, Scaled(emitter, linear.Minimum), totals.Buckets[0] + totals.Negative));
                for (int i = 1; i < totals.Buckets.Length - 1; i++)
                {
                    long lower = linear.Minimum + (i - 1) * linear.Step;
                    all.Add(new TraceBucket(Scaled(emitter, lower), Scaled(emitter, lower + linear.Step), totals.Buckets[i]));
                }

                all.Add(new TraceBucket(Scaled(emitter, linear.Maximum), null, totals.Buckets[^1]));
                break;
            case ExponentialShape shape:
                all.Add(new TraceBucket(null, layout.ZeroThreshold, totals.Zero + totals.Negative));
                double width = Math.Pow(2, -shape.Scale);
                for (int i = 0; i < totals.Buckets.Length; i++)
                {
                    int index = layout.FirstIndex + i;
                    all.Add(new TraceBucket(Math.Pow(2, index * width), Math.Pow(2, (index + 1) * width), totals.Buckets[i]));
                }

                break;
            default:
                IReadOnlyList<long> bounds = BucketBounds.Of(layout);
                for (int i = 0; i <= bounds.Count; i++)
                {
                    all.Add(new TraceBucket(
                        i == 0 ? null : Scaled(emitter, bounds[i - 1]),
                        i == bounds.Count ? null : Scaled(emitter, bounds[i]),
                        totals.Buckets[i] + (i == 0 ? totals.Negative : 0)));
                }

                break;
        }

        return all;
    }

    private static double Scaled(BoundEmitter emitter, long raw) => Scaling.Of(raw, emitter.IsSigned, emitter.ValueScale);

    private static double Scaled(BoundEmitter emitter, double raw) => raw * emitter.ValueScale;
}
