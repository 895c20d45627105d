namespace EbpfReceiver.Otlp;

/// <summary>
/// The fixed upper bounds that exponential histograms are shown with, so that a series keeps its buckets whatever its scale:
/// powers of two from about a microsecond to about a quarter of an hour for seconds, to a tebibyte for bytes.
/// </summary>
internal sealed class PowerOfTwoBounds
{
    private static readonly PowerOfTwoBounds s_seconds = new(-20, 10, 1);
    private static readonly PowerOfTwoBounds s_bytes = new(0, 40, 2);
    private static readonly PowerOfTwoBounds s_others = new(-10, 30, 1);

    private readonly int _first;
    private readonly int _last;
    private readonly int _step;

    private PowerOfTwoBounds(int first, int last, int step)
    {
        _first = first;
        _last = last;
        _step = step;
        Bounds = new double[(last - first) / step + 1];
        for (int i = 0; i < Bounds.Length; i++)
            Bounds[i] = Math.ScaleB(1, first + i * step);
    }

    /// <summary>The upper bounds, without infinity.</summary>
    public double[] Bounds { get; }

    /// <summary>The bounds for a unit, UCUM in UTF-8.</summary>
    public static PowerOfTwoBounds For(ReadOnlySpan<byte> unit) =>
        unit.SequenceEqual("s"u8) ? s_seconds : unit.SequenceEqual("By"u8) ? s_bytes : s_others;

    /// <summary>Adds the counts of a point to those of the bounds; <paramref name="counts"/> has one more, for infinity.</summary>
    public void Add(ReadOnlySpan<byte> point, ulong[] counts)
    {
        int scale = 0;
        ulong zeroCount = 0;
        double zeroThreshold = 0;
        ReadOnlySpan<byte> positive = default;
        ReadOnlySpan<byte> negative = default;
        var fields = new ProtobufReader(point);
        while (fields.Next())
        {
            if (fields is { Field: MetricsFields.ExponentialHistogramPoint.Scale, WireType: WireType.Varint })
                scale = fields.SInt32;
            else if (fields is { Field: MetricsFields.ExponentialHistogramPoint.ZeroCount, WireType: WireType.Fixed64 })
                zeroCount = fields.Number;
            else if (fields is { Field: MetricsFields.ExponentialHistogramPoint.ZeroThreshold, WireType: WireType.Fixed64 })
                zeroThreshold = fields.Double;
            else if (fields.Is(MetricsFields.ExponentialHistogramPoint.Positive))
                positive = fields.Bytes;
            else if (fields.Is(MetricsFields.ExponentialHistogramPoint.Negative))
                negative = fields.Bytes;
        }
        counts[zeroThreshold > 0 ? SlotOf((long)Math.Ceiling(Math.Log2(zeroThreshold))) : 0] += zeroCount;
        AddBuckets(positive, scale, counts, isPositive: true);
        AddBuckets(negative, scale, counts, isPositive: false);
    }

    /// <summary>The slot of values of at most 2^exponent.</summary>
    private int SlotOf(long exponent)
    {
        if (exponent <= _first)
            return 0;
        return exponent > _last ? Bounds.Length : (int)((exponent - _first + _step - 1) / _step);
    }

    private void AddBuckets(ReadOnlySpan<byte> buckets, int scale, ulong[] counts, bool isPositive)
    {
        long index = 0;
        var fields = new ProtobufReader(buckets);
        while (fields.Next())
        {
            if (fields is { Field: MetricsFields.Buckets.Offset, WireType: WireType.Varint })
                index = fields.SInt32;
        }
        var numbers = new NumberEnumerator(buckets, MetricsFields.Buckets.BucketCounts, WireType.Varint);
        for (; numbers.MoveNext(); index++)
            counts[isPositive ? SlotOf(UpperExponent(index, scale)) : 0] += numbers.Current;
    }

    /// <summary>The exponent of the smallest power of two that no value of the bucket passes.</summary>
    private static long UpperExponent(long index, int scale)
    {
        if (scale >= 0)
            return (index >> Math.Min(scale, 62)) + 1;
        // Beyond 2^20 octaves a bucket all is below or above what a double holds.
        return (index + 1) << (int)Math.Min(-(long)scale, 20);
    }
}
