using OpenTelemetry.Proto.Metrics.V1;

namespace EbpfReceiver.Terminal;

/// <summary>Turns points into what happened since the point before, whatever their temporality.</summary>
internal sealed class MetricState
{
    /// <summary>Series that were not seen for so many rounds are forgotten: their process is gone.</summary>
    private const int RoundsKept = 3;

    /// <summary>SDKs make 160 buckets at most. Who sends more has them looked at up to here, or a few MB would become a few hundred.</summary>
    private const int MostBuckets = 4096;

    /// <summary>Nobody looks at so many. Of what is beyond them, each point counts whole.</summary>
    private const int MostSeries = 100_000;

    private readonly Dictionary<string, Series> _series = new(StringComparer.Ordinal);
    private int _round;

    public int Count => _series.Count;

    /// <summary>Begins an interval.</summary>
    public void NextRound()
    {
        _round++;
        foreach ((string key, Series series) in _series)
        {
            if (_round - series.Round > RoundsKept)
                _series.Remove(key);
        }
    }

    /// <summary>What a counter went up by.</summary>
    public double Difference(string key, NumberDataPoint point, AggregationTemporality temporality)
    {
        double value = point.ValueCase == NumberDataPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble;
        if (temporality == AggregationTemporality.Delta)
            return value;
        (Series series, bool continues) = Find(key, point.StartTimeUnixNano);
        double before = continues && series.Value <= value ? series.Value : 0;
        series.Value = value;
        return value - before;
    }

    /// <summary>How many values a histogram with bounds got, and what they add up to.</summary>
    public (double Count, double Sum) Difference(string key, HistogramDataPoint point, AggregationTemporality temporality)
    {
        if (temporality == AggregationTemporality.Delta)
            return (point.Count, point.Sum);
        (Series series, bool continues) = Find(key, point.StartTimeUnixNano);
        (double Count, double Sum) before = continues && series.Value <= point.Count ? (series.Value, series.Sum) : (0, 0);
        (series.Value, series.Sum) = (point.Count, point.Sum);
        return (point.Count - before.Count, point.Sum - before.Sum);
    }

    /// <summary>The values that an exponential histogram got.</summary>
    public LatencyDistribution Difference(string key, ExponentialHistogramDataPoint point, AggregationTemporality temporality)
    {
        var result = new LatencyDistribution();
        ExponentialHistogramDataPoint? before = null;
        if (temporality != AggregationTemporality.Delta)
        {
            (Series series, bool continues) = Find(key, point.StartTimeUnixNano);
            if (continues && series.Histogram is { } old && old.Scale == point.Scale && old.Count <= point.Count)
                before = old;
            // Without what it has besides, exemplars and negative buckets, which may be megabytes.
            series.Histogram = point.Positive is null or { BucketCounts.Count: <= MostBuckets }
                ? new ExponentialHistogramDataPoint { Scale = point.Scale, Count = point.Count, ZeroCount = point.ZeroCount, Positive = point.Positive }
                : null;
        }

        result.AddZero(Math.Max(0, (double)point.ZeroCount - (before?.ZeroCount ?? 0)));
        if (point.Positive is { } buckets)
        {
            for (int i = 0; i < Math.Min(buckets.BucketCounts.Count, MostBuckets); i++)
            {
                int index = buckets.Offset + i;
                int old = before?.Positive is { } b ? index - b.Offset : -1;
                ulong had = old >= 0 && old < before!.Positive.BucketCounts.Count ? before.Positive.BucketCounts[old] : 0;
                result.Add(index, point.Scale, (double)buckets.BucketCounts[i] - had);
            }
        }

        return result;
    }

    private (Series Series, bool Continues) Find(string key, ulong start)
    {
        if (!_series.TryGetValue(key, out Series? series))
        {
            series = new Series { Start = start, Round = -1 };
            if (_series.Count < MostSeries)
                _series.Add(key, series);
        }

        bool continues = series.Round >= 0 && series.Start == start;
        series.Start = start;
        series.Round = _round;
        return (series, continues);
    }

    private sealed class Series
    {
        public ulong Start;
        public int Round;
        public double Value;
        public double Sum;
        public ExponentialHistogramDataPoint? Histogram;
    }
}
