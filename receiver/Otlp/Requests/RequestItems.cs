namespace EbpfReceiver.Otlp;

/// <summary>Counts the items of an Export request by walking its envelope.</summary>
public static class RequestItems
{
    /// <summary>Counts spans, data points, log records or profiles without decoding them.</summary>
    /// <param name="signal">Which request message the bytes are.</param>
    /// <param name="request">The encoded request.</param>
    /// <param name="items">The count.</param>
    /// <returns>False when the bytes are malformed as far as they were walked.</returns>
    public static bool TryCount(Signal signal, ReadOnlySpan<byte> request, out int items)
    {
        var count = new ItemCount();
        items = 0;
        var outer = new ProtobufReader(request);
        while (outer.Next())
        {
            if (outer.Is(RequestFields.Resources) && !TryCountResource(signal, outer.Bytes, ref count))
                return false;
        }
        items = count.Items;
        return !outer.Malformed;
    }

    /// <summary>Adds the items of one Resource{Spans,Metrics,Logs,Profiles}.</summary>
    internal static bool TryCountResource(Signal signal, ReadOnlySpan<byte> perResource, ref ItemCount count)
    {
        var resource = new ProtobufReader(perResource);
        while (resource.Next())
        {
            if (resource.Is(RequestFields.PerResource.Scopes) && !TryCountScope(signal, resource.Bytes, ref count))
                return false;
        }
        return !resource.Malformed;
    }

    private static bool TryCountScope(Signal signal, ReadOnlySpan<byte> perScope, ref ItemCount count)
    {
        var scope = new ProtobufReader(perScope);
        while (scope.Next())
        {
            if (!scope.Is(RequestFields.PerScope.Items))
                continue;
            if (signal == Signal.Metrics)
            {
                if (!TryCountPoints(scope.Bytes, ref count))
                    return false;
                continue;
            }
            count.Items++;
            if (signal == Signal.Traces && !InvalidItems.IsValidSpan(scope.Bytes))
                count.Invalid++;
        }
        return !scope.Malformed;
    }

    private static bool TryCountPoints(ReadOnlySpan<byte> metric, ref ItemCount count)
    {
        var fields = new ProtobufReader(metric);
        while (fields.Next())
        {
            if (fields.WireType != WireType.Length || !IsData(fields.Field))
                continue;
            var data = new ProtobufReader(fields.Bytes);
            while (data.Next())
            {
                if (!data.Is(MetricsFields.Data.DataPoints))
                    continue;
                count.Items++;
                if (fields.Field == MetricsFields.Metric.Histogram && !InvalidItems.IsValidHistogramPoint(data.Bytes))
                    count.Invalid++;
            }
            if (data.Malformed)
                return false;
        }
        return !fields.Malformed;
    }

    private static bool IsData(int field) => field is MetricsFields.Metric.Gauge or MetricsFields.Metric.Sum
        or MetricsFields.Metric.Histogram or MetricsFields.Metric.ExponentialHistogram or MetricsFields.Metric.Summary;
}
