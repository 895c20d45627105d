namespace EbpfReceiver.Otlp;

/// <summary>
/// Cuts a request in two by its items (of metrics: data points). Each part has the resources, scopes, metrics, and fields of any name that
/// its items need; for profiles that is the whole dictionary. Items are copied as they are.
/// </summary>
internal static class RequestSplitter
{
    /// <summary>Makes two requests of one; the caller has their references.</summary>
    /// <returns>False when there are less than two items, or the bytes are malformed.</returns>
    public static bool TrySplit(Batch batch, out Batch? first, out Batch? second)
    {
        (first, second) = (null, null);
        int half = batch.Items / 2;
        if (half == 0)
            return false;
        first = Cut(batch, new ItemRange(0, half));
        second = Cut(batch, new ItemRange(half, int.MaxValue));
        if (first is not null && second is not null)
            return true;
        first?.Release();
        second?.Release();
        (first, second) = (null, null);
        return false;
    }

    private static Batch? Cut(Batch batch, ItemRange range)
    {
        using var output = new ProtobufWriter(batch.Length / 2 + 1024);
        if (!TryCopy(batch.Signal, batch.Bytes.Span, Level.Request, ref range, output) || range.Copied == 0)
            return null;
        int length = output.Position;
        return Batch.Own(batch.Signal, range.Copied, output.Detach(0), length);
    }

    private static bool TryCopy(Signal signal, ReadOnlySpan<byte> message, Level level, ref ItemRange range, ProtobufWriter output)
    {
        var fields = new ProtobufReader(message);
        while (fields.Next())
        {
            Level inner = fields.WireType == WireType.Length ? Below(signal, level, fields.Field) : Level.Other;
            if (inner == Level.Other || (inner == Level.Item && range.Takes()))
            {
                output.WriteRaw(message[fields.FieldStart..fields.Position]);
            }
            else if (inner != Level.Item)
            {
                int copied = range.Copied;
                int began = output.Position;
                int start = output.BeginPadded(Tag.Length(fields.Field));
                if (!TryCopy(signal, fields.Bytes, inner, ref range, output))
                    return false;
                if (range.Copied > copied)
                    output.EndMinimal(start);
                else
                    output.Position = began;
            }
        }
        return !fields.Malformed;
    }

    /// <summary>What a field is, on the way down to the items.</summary>
    private static Level Below(Signal signal, Level level, int field) => (level, field) switch
    {
        (Level.Request, RequestFields.Resources) => Level.Resource,
        (Level.Resource, RequestFields.PerResource.Scopes) => Level.Scope,
        (Level.Scope, RequestFields.PerScope.Items) => signal == Signal.Metrics ? Level.Metric : Level.Item,
        (Level.Metric, MetricsFields.Metric.Gauge or MetricsFields.Metric.Sum or MetricsFields.Metric.Histogram
            or MetricsFields.Metric.ExponentialHistogram or MetricsFields.Metric.Summary) => Level.Data,
        (Level.Data, MetricsFields.Data.DataPoints) => Level.Item,
        _ => Level.Other,
    };

    /// <summary>Counts items as they come by, and those among them that belong to the part.</summary>
    private struct ItemRange(int from, int to)
    {
        private int _seen;

        public int Copied { get; private set; }

        public bool Takes()
        {
            int index = _seen++;
            if (index < from || index >= to)
                return false;
            Copied++;
            return true;
        }
    }

    private enum Level : byte
    {
        Other,
        Request,
        Resource,
        Scope,
        Metric,
        Data,
        Item,
    }
}
