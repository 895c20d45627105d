namespace EbpfReceiver.Otlp;

/// <summary>Applies a data point to the series it belongs to.</summary>
internal static class PrometheusPoints
{
    public static void Apply(PrometheusSeries series, in MetricView metric, in PointView point)
    {
        bool isDelta = metric.Temporality == Temporality.Delta && point.Kind is not (PointKind.Gauge or PointKind.Summary);
        switch (point.Kind)
        {
            case PointKind.Gauge or PointKind.Sum:
                ApplyNumber(series, point, isDelta);
                break;
            case PointKind.Histogram:
                ApplyHistogram(series, point, isDelta);
                break;
            case PointKind.ExponentialHistogram:
                ApplyExponential(series, metric, point, isDelta);
                break;
            case PointKind.Summary:
                ApplySummary(series, point);
                break;
        }
    }

    private static void ApplyNumber(PrometheusSeries series, in PointView point, bool isDelta)
    {
        series.IsInteger = point.IsInteger && (!isDelta || series.IsInteger || series.Value == 0);
        series.Integer = isDelta ? series.Integer + point.Integer : point.Integer;
        series.Value = isDelta ? series.Value + point.Value : point.Value;
    }

    private static void ApplyHistogram(PrometheusSeries series, in PointView point, bool isDelta)
    {
        var bounds = new List<double>();
        var boundNumbers = new NumberEnumerator(point.Message, MetricsFields.HistogramPoint.ExplicitBounds, WireType.Fixed64);
        while (boundNumbers.MoveNext())
            bounds.Add(boundNumbers.CurrentDouble);
        // An infinite bound is the one that is added anyway.
        while (bounds.Count > 0 && double.IsPositiveInfinity(bounds[^1]))
            bounds.RemoveAt(bounds.Count - 1);
        var counts = new ulong[bounds.Count + 1];
        int bucket = 0;
        var numbers = new NumberEnumerator(point.Message, MetricsFields.HistogramPoint.BucketCounts, WireType.Fixed64);
        for (; numbers.MoveNext(); bucket++)
            counts[Math.Min(bucket, counts.Length - 1)] += numbers.Current;
        // Without buckets, all that is known is the count.
        if (bucket == 0)
            counts[^1] = point.Count;
        bool sameBounds = series.Bounds.AsSpan().SequenceEqual(bounds.ToArray());
        Apply(series, sameBounds ? series.Bounds : bounds.ToArray(), counts, point, isDelta && sameBounds);
    }

    private static void ApplyExponential(PrometheusSeries series, in MetricView metric, in PointView point, bool isDelta)
    {
        PowerOfTwoBounds bounds = PowerOfTwoBounds.For(metric.Unit);
        var counts = new ulong[bounds.Bounds.Length + 1];
        bounds.Add(point.Message, counts);
        Apply(series, bounds.Bounds, counts, point, isDelta && series.Bounds.Length == bounds.Bounds.Length);
    }

    private static void Apply(PrometheusSeries series, double[] bounds, ulong[] counts, in PointView point, bool add)
    {
        if (add && series.Counts.Length == counts.Length)
        {
            for (int i = 0; i < counts.Length; i++)
                series.Counts[i] += counts[i];
            series.Sum += point.Sum;
            series.HasSum &= point.HasSum;
            return;
        }
        series.Bounds = bounds;
        series.Counts = counts;
        series.Sum = point.Sum;
        series.HasSum = point.HasSum;
    }

    private static void ApplySummary(PrometheusSeries series, in PointView point)
    {
        var quantiles = new List<double>();
        var values = new List<double>();
        var fields = new ProtobufReader(point.Message);
        while (fields.Next())
        {
            if (!fields.Is(MetricsFields.SummaryPoint.QuantileValues))
                continue;
            double quantile = 0;
            double value = 0;
            var pair = new ProtobufReader(fields.Bytes);
            while (pair.Next())
            {
                if (pair.Field == MetricsFields.QuantileValue.Quantile)
                    quantile = pair.Double;
                else if (pair.Field == MetricsFields.QuantileValue.Value)
                    value = pair.Double;
            }
            quantiles.Add(quantile);
            values.Add(value);
        }
        series.Bounds = [.. quantiles];
        series.Quantiles = [.. values];
        series.Count = point.Count;
        series.Sum = point.Sum;
        series.HasSum = point.HasSum;
    }
}
