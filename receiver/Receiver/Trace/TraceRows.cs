using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Trace;

/// <summary>Rows of several maps as rows of one.</summary>
internal static class TraceRows
{
    /// <summary>The rows, those of the same key as one, with their buckets from the first to the last that has values.</summary>
    /// <param name="rows">The rows; those of histograms with all their buckets.</param>
    /// <param name="emitter">What recorded them.</param>
    public static IEnumerable<TraceRow> Joined(IEnumerable<TraceRow> rows, BoundEmitter emitter)
    {
        var joined = new Dictionary<(bool IsOverflow, string Key), TraceRow>();
        foreach (TraceRow row in rows)
        {
            (bool IsOverflow, string Key) key = (row.IsOverflow, string.Join('\0', row.Key.Select(k => $"{k.Kind}:{k}")));
            joined[key] = joined.TryGetValue(key, out TraceRow? before) ? Joined(before, row, emitter) : row;
        }

        return joined.Values.Select(row => row with { Buckets = Trimmed(row.Buckets) });
    }

    /// <summary>The largest rows, and one for all others, as topk reports them; that one has no key and is marked as an overflow.</summary>
    /// <param name="rows">The rows, largest first.</param>
    /// <param name="most">How many are kept.</param>
    public static IEnumerable<TraceRow> Top(IReadOnlyList<TraceRow> rows, int most)
    {
        TraceRow[] kept = [.. rows.Where(r => !r.IsOverflow).Take(most)];
        TraceRow[] others = [.. rows.Where(r => r.IsOverflow), .. rows.Where(r => !r.IsOverflow).Skip(most)];
        if (others.Length == 0)
            return kept;
        var rest = new TraceRow
        {
            Key = [.. others[0].Key.Select(_ => DecodedValue.None)],
            IsOverflow = true,
            Value = others.Sum(r => r.Value),
            Whole = others.All(r => r.Whole is not null) ? others.Sum(r => r.Whole) : null,
        };
        return [.. kept, rest];
    }

    private static TraceRow Joined(TraceRow a, TraceRow b, BoundEmitter emitter)
    {
        if (emitter.Kind == EmitterKind.Gauge)
            return (emitter.Gauge == GaugeMode.Minimum) == (a.Value < b.Value) ? a : b;
        ulong count = a.Count + b.Count;
        return a with
        {
            Value = !emitter.IsAverage ? a.Value + b.Value : count > 0 ? (a.Sum + b.Sum) / count : 0,
            Whole = a.Whole + b.Whole,
            Count = count,
            Sum = a.Sum + b.Sum,
            WholeSum = a.WholeSum + b.WholeSum,
            Minimum = Math.Min(a.Minimum, b.Minimum),
            Maximum = Math.Max(a.Maximum, b.Maximum),
            Buckets = Joined(a.Buckets, b.Buckets),
        };
    }

    // Of two maps with powers of two, that of narrower values has fewer of them.
    private static TraceBucket[] Joined(IReadOnlyList<TraceBucket> a, IReadOnlyList<TraceBucket> b)
    {
        (IReadOnlyList<TraceBucket> more, IReadOnlyList<TraceBucket> fewer) = a.Count >= b.Count ? (a, b) : (b, a);
        return [.. more.Select((bucket, i) => i < fewer.Count ? bucket with { Count = bucket.Count + fewer[i].Count } : bucket)];
    }

    private static IReadOnlyList<TraceBucket> Trimmed(IReadOnlyList<TraceBucket> all)
    {
        int first = 0, end = all.Count;
        while (first < end && all[first].Count == 0) first++;
        while (end > first && all[end - 1].Count == 0) end--;
        return [.. all.Skip(first).Take(end - first)];
    }
}
