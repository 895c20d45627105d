using System.Runtime.InteropServices;

namespace EbpfReceiver.Otlp;

/// <summary>Writes the fields of an ExponentialHistogramDataPoint and of a HistogramDataPoint.</summary>
internal static class HistogramFields
{
    public static void Write(ProtobufWriter writer, ulong startUnixNano, ulong timeUnixNano, scoped in ExponentialHistogram histogram)
    {
        writer.WriteFixed64(Tag.Fixed64(MetricsFields.ExponentialHistogramPoint.StartTimeUnixNano), startUnixNano);
        writer.WriteFixed64(Tag.Fixed64(MetricsFields.ExponentialHistogramPoint.TimeUnixNano), timeUnixNano);
        writer.WriteFixed64(Tag.Fixed64(MetricsFields.ExponentialHistogramPoint.Count), histogram.Count);
        writer.WriteDouble(Tag.Fixed64(MetricsFields.ExponentialHistogramPoint.Sum), histogram.Sum);
        if (histogram.Scale != 0)
            writer.WriteVarint(Tag.Varint(MetricsFields.ExponentialHistogramPoint.Scale), Varint.ZigZag(histogram.Scale));
        if (histogram.ZeroCount != 0)
            writer.WriteFixed64(Tag.Fixed64(MetricsFields.ExponentialHistogramPoint.ZeroCount), histogram.ZeroCount);
        if (histogram.ZeroThreshold != 0)
            writer.WriteDouble(Tag.Fixed64(MetricsFields.ExponentialHistogramPoint.ZeroThreshold), histogram.ZeroThreshold);
        if (histogram.Count != 0 && !double.IsNaN(histogram.Minimum))
            writer.WriteDouble(Tag.Fixed64(MetricsFields.ExponentialHistogramPoint.Min), histogram.Minimum);
        if (histogram.Count != 0 && !double.IsNaN(histogram.Maximum))
            writer.WriteDouble(Tag.Fixed64(MetricsFields.ExponentialHistogramPoint.Max), histogram.Maximum);
        WriteBuckets(writer, histogram.Offset, histogram.Positive);
    }

    public static void Write(ProtobufWriter writer, ulong startUnixNano, ulong timeUnixNano, scoped in ExplicitHistogram histogram)
    {
        writer.WriteFixed64(Tag.Fixed64(MetricsFields.HistogramPoint.StartTimeUnixNano), startUnixNano);
        writer.WriteFixed64(Tag.Fixed64(MetricsFields.HistogramPoint.TimeUnixNano), timeUnixNano);
        writer.WriteFixed64(Tag.Fixed64(MetricsFields.HistogramPoint.Count), histogram.Count);
        if (!double.IsNaN(histogram.Sum))
            writer.WriteDouble(Tag.Fixed64(MetricsFields.HistogramPoint.Sum), histogram.Sum);
        int counts = writer.BeginPadded(Tag.Length(MetricsFields.HistogramPoint.BucketCounts));
        WritePacked(writer, histogram.Buckets);
        writer.EndMinimal(counts);
        if (!histogram.Bounds.IsEmpty)
        {
            int bounds = writer.BeginPadded(Tag.Length(MetricsFields.HistogramPoint.ExplicitBounds));
            WritePacked(writer, MemoryMarshal.Cast<double, ulong>(histogram.Bounds));
            writer.EndMinimal(bounds);
        }

        if (histogram.Count != 0 && !double.IsNaN(histogram.Minimum))
            writer.WriteDouble(Tag.Fixed64(MetricsFields.HistogramPoint.Min), histogram.Minimum);
        if (histogram.Count != 0 && !double.IsNaN(histogram.Maximum))
            writer.WriteDouble(Tag.Fixed64(MetricsFields.HistogramPoint.Max), histogram.Maximum);
    }

    /// <summary>Eight bytes each, little-endian as the wire wants them and as both architectures have them.</summary>
    private static void WritePacked(ProtobufWriter writer, ReadOnlySpan<ulong> values)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
        bytes.CopyTo(writer.Reserve(bytes.Length));
        writer.Advance(bytes.Length);
    }

    private static void WriteBuckets(ProtobufWriter writer, int offset, ReadOnlySpan<ulong> counts)
    {
        int first = counts.IndexOfAnyExcept(0UL);
        if (first < 0)
            return;
        int last = counts.LastIndexOfAnyExcept(0UL);
        counts = counts[first..(last + 1)];
        offset += first;

        int buckets = writer.BeginPadded(Tag.Length(MetricsFields.ExponentialHistogramPoint.Positive));
        if (offset != 0)
            writer.WriteVarint(Tag.Varint(MetricsFields.Buckets.Offset), Varint.ZigZag(offset));
        int packed = writer.BeginPadded(Tag.Length(MetricsFields.Buckets.BucketCounts));
        Span<byte> room = writer.Reserve(checked(counts.Length * Varint.MaxBytes));
        int at = 0;
        foreach (ulong count in counts)
            at = Varint.Write(room, at, count);
        writer.Advance(at);
        writer.EndMinimal(packed);
        writer.EndMinimal(buckets);
    }
}
