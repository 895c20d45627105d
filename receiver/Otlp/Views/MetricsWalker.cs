namespace EbpfReceiver.Otlp;

/// <summary>Shows the data points of an ExportMetricsServiceRequest to a visitor, without making objects of them.</summary>
internal static class MetricsWalker
{
    /// <summary>Goes through all points. False when the bytes are malformed; the points before that place were shown.</summary>
    public static bool TryWalk(ReadOnlySpan<byte> request, IPointVisitor visitor)
    {
        var outer = new ProtobufReader(request);
        while (outer.Next())
        {
            if (outer.Is(RequestFields.Resources) && !TryWalkResource(outer.Bytes, visitor))
                return false;
        }
        return !outer.Malformed;
    }

    private static bool TryWalkResource(ReadOnlySpan<byte> perResource, IPointVisitor visitor)
    {
        ReadOnlySpan<byte> resource = default;
        var look = new ProtobufReader(perResource);
        while (look.Next())
        {
            if (look.Is(RequestFields.PerResource.Resource))
                resource = look.Bytes;
        }
        if (look.Malformed)
            return false;
        var view = new ResourceView(resource);
        var scopes = new ProtobufReader(perResource);
        while (scopes.Next())
        {
            if (scopes.Is(RequestFields.PerResource.Scopes) && !TryWalkScope(view, scopes.Bytes, visitor))
                return false;
        }
        return true;
    }

    private static bool TryWalkScope(in ResourceView resource, ReadOnlySpan<byte> perScope, IPointVisitor visitor)
    {
        var metrics = new ProtobufReader(perScope);
        while (metrics.Next())
        {
            if (metrics.Is(RequestFields.PerScope.Items) && !TryWalkMetric(resource, new MetricView(metrics.Bytes), visitor))
                return false;
        }
        return !metrics.Malformed;
    }

    private static bool TryWalkMetric(in ResourceView resource, in MetricView metric, IPointVisitor visitor)
    {
        if (metric.Malformed)
            return false;
        var data = new ProtobufReader(metric.Data);
        while (data.Next())
        {
            if (!data.Is(MetricsFields.Data.DataPoints))
                continue;
            var point = new PointView(metric.Kind, data.Bytes);
            if (point.Malformed)
                return false;
            visitor.OnPoint(resource, metric, point);
        }
        return true;
    }
}
