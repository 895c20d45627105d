namespace EbpfReceiver.Otlp;

/// <summary>
/// What makes one item useless in a request that is well-formed otherwise: a span without the ids that the protocol requires, and a
/// histogram whose buckets do not fit its bounds. Everything else is passed on as it is.
/// </summary>
internal static class InvalidItems
{
    private const int TraceIdBytes = 16;
    private const int SpanIdBytes = 8;

    /// <summary>
    /// Whether a span has valid ids (trace.proto: 16 and 8 bytes, not all zero); false for a span that is malformed before they are found.
    /// </summary>
    public static bool IsValidSpan(ReadOnlySpan<byte> span)
    {
        bool trace = false, own = false;
        var fields = new ProtobufReader(span);
        // They come first in what everyone writes: most fields are not looked at.
        while (!(trace && own) && fields.Next())
        {
            if (fields.Is(TraceFields.Span.TraceId))
                trace = IsId(fields.Bytes, TraceIdBytes);
            else if (fields.Is(TraceFields.Span.SpanId))
                own = IsId(fields.Bytes, SpanIdBytes);
        }
        return trace && own;
    }

    /// <summary>
    /// Whether a histogram's data point has one bucket more than bounds, or neither (metrics.proto, HistogramDataPoint.bucket_counts).
    /// </summary>
    public static bool IsValidHistogramPoint(ReadOnlySpan<byte> point)
    {
        int buckets = 0, bounds = 0;
        var fields = new ProtobufReader(point);
        while (fields.Next())
        {
            if (fields.Field == MetricsFields.HistogramPoint.BucketCounts)
                buckets += CountOf(fields);
            else if (fields.Field == MetricsFields.HistogramPoint.ExplicitBounds)
                bounds += CountOf(fields);
        }
        return !fields.Malformed && buckets == (buckets == 0 && bounds == 0 ? 0 : bounds + 1);
    }

    /// <summary>Copies a request without its invalid items.</summary>
    /// <returns>False when the bytes are malformed as far as they were walked.</returns>
    public static bool TryRemove(Signal signal, ReadOnlySpan<byte> request, ProtobufWriter output) =>
        TryCopy(signal, request, output, Level.Request);

    private static bool TryCopy(Signal signal, ReadOnlySpan<byte> message, ProtobufWriter output, Level level)
    {
        var fields = new ProtobufReader(message);
        while (fields.Next())
        {
            Level inner = fields.WireType == WireType.Length ? Below(signal, level, fields.Field) : Level.Other;
            if (inner == Level.Other || (inner == Level.Span && IsValidSpan(fields.Bytes))
                || (inner == Level.HistogramPoint && IsValidHistogramPoint(fields.Bytes)))
            {
                output.WriteRaw(message[fields.FieldStart..fields.Position]);
            }
            else if (inner is not (Level.Span or Level.HistogramPoint))
            {
                int start = output.BeginPadded(Tag.Length(fields.Field));
                if (!TryCopy(signal, fields.Bytes, output, inner))
                    return false;
                output.EndPadded(start);
            }
        }
        return !fields.Malformed;
    }

    /// <summary>What a field is, on the way down to what is checked.</summary>
    private static Level Below(Signal signal, Level level, int field) => (level, field) switch
    {
        (Level.Request, RequestFields.Resources) => Level.Resource,
        (Level.Resource, RequestFields.PerResource.Scopes) => Level.Scope,
        (Level.Scope, RequestFields.PerScope.Items) when signal == Signal.Traces => Level.Span,
        (Level.Scope, RequestFields.PerScope.Items) when signal == Signal.Metrics => Level.Metric,
        (Level.Metric, MetricsFields.Metric.Histogram) => Level.Histogram,
        (Level.Histogram, MetricsFields.Data.DataPoints) => Level.HistogramPoint,
        _ => Level.Other,
    };

    private static bool IsId(ReadOnlySpan<byte> id, int length) => id.Length == length && id.ContainsAnyExcept((byte)0);

    /// <summary>The numbers of a repeated field of 64 bits each, packed or not.</summary>
    private static int CountOf(in ProtobufReader field) => field.WireType switch
    {
        WireType.Fixed64 => 1,
        WireType.Length => field.Bytes.Length / sizeof(ulong),
        _ => 0,
    };

    private enum Level : byte
    {
        Other,
        Request,
        Resource,
        Scope,
        Span,
        Metric,
        Histogram,
        HistogramPoint,
    }
}
