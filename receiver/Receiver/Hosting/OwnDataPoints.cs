using EbpfReceiver.Aggregates;
using EbpfReceiver.Otlp;

namespace EbpfReceiver.Hosting;

/// <summary>
/// Writes the numbers of the receiver's own telemetry as data points of a collection. Its counters are few and live in user space, so
/// differences are made from what was written before.
/// </summary>
/// <param name="collection">Where the points go.</param>
/// <param name="start">Unix ns: from when counters count.</param>
/// <param name="before">Counters as they were written last, by series; brought up to date.</param>
internal sealed class OwnDataPoints(Collection collection, ulong start, Dictionary<string, double> before) : IOwnPoints
{
    private MetricDescriptor _metric = null!;

    /// <inheritdoc/>
    public void Begin(MetricDescriptor metric)
    {
        _metric = metric;
        collection.Writer.BeginMetric(metric);
    }

    /// <inheritdoc/>
    public void Add(long value, in OwnAttributes attributes)
    {
        (double difference, ulong from) = Difference(value, attributes);
        End(collection.Writer.NumberPoint(from, collection.Now, (long)difference), attributes);
    }

    /// <inheritdoc/>
    public void Add(double value, in OwnAttributes attributes)
    {
        (double difference, ulong from) = Difference(value, attributes);
        End(collection.Writer.NumberPoint(from, collection.Now, difference), attributes);
    }

    private (double Value, ulong From) Difference(double value, in OwnAttributes attributes)
    {
        // The value of a gauge has no beginning.
        if (_metric.Kind == MetricKind.Gauge) return (value, 0);
        if (!_metric.Monotonic || !collection.IsDelta) return (value, start);
        string series = $"{_metric.Name}\n{attributes.Value1}\n{attributes.Value2}\n{attributes.Value3}";
        bool written = before.TryGetValue(series, out double last);
        before[series] = value;
        return (value - last, written ? collection.Previous : start);
    }

    private static void End(PointWriter point, in OwnAttributes attributes)
    {
        if (!attributes.Key1.IsEmpty) point.Attribute(attributes.Key1, attributes.Value1);
        if (!attributes.Key2.IsEmpty) point.Attribute(attributes.Key2, attributes.Value2);
        if (!attributes.Key3.IsEmpty) point.Attribute(attributes.Key3, attributes.Value3);
        point.End();
    }
}
