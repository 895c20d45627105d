using EbpfReceiver.Otlp;

namespace EbpfReceiver.Aggregates;

/// <summary>Writes the points of one series. What is zero is not written: a series begins with its first value.</summary>
/// <param name="aggregate">Whose series it is: it knows what the key says.</param>
/// <param name="collection">The reading.</param>
/// <param name="series">The series.</param>
internal readonly ref struct Emission(MapAggregate aggregate, Collection collection, Series series)
{
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>A counter, as it is.</summary>
    public void Counter(int index, ReadOnlySpan<byte> attribute = default, ReadOnlySpan<byte> value = default)
    {
        ulong count = series.Counter(index, collection.IsDelta);
        if (count == 0) return;
        End(collection.Writer.NumberPoint(collection.StartOf(series), collection.Now, (long)Math.Min(count, long.MaxValue)), attribute, value);
    }

    /// <summary>A counter of nanoseconds, in seconds.</summary>
    public void Seconds(int index, ReadOnlySpan<byte> attribute = default, ReadOnlySpan<byte> value = default)
    {
        ulong nanoseconds = series.Counter(index, collection.IsDelta);
        if (nanoseconds == 0) return;
        End(collection.Writer.NumberPoint(collection.StartOf(series), collection.Now, nanoseconds / NanosecondsPerSecond), attribute, value);
    }

    /// <summary>A histogram.</summary>
    public void Histogram(int index)
    {
        ExponentialHistogram histogram = series.Histograms[index].Point(collection.IsDelta);
        if (histogram.Count == 0) return;
        End(collection.Writer.ExponentialHistogramPoint(collection.StartOf(series), collection.Now, histogram), default, default);
    }

    private void End(PointWriter point, ReadOnlySpan<byte> attribute, ReadOnlySpan<byte> value)
    {
        aggregate.WriteAttributes(point, series.Key);
        if (!attribute.IsEmpty) point.Attribute(attribute, value);
        point.End();
    }
}
