namespace EbpfReceiver.Otlp;

/// <summary>
/// The messages around data points: which resource, scope and metric are current, and which of them are open in the
/// buffer, where their lengths are reserved. After a request was cut, the next point opens them again.
/// </summary>
internal sealed class MetricFraming(ProtobufWriter writer, Temporality temporality)
{
    private ReadOnlyMemory<byte> _resource;
    private EncodedScope? _scope;
    private MetricDescriptor? _metric;
    private int _openResource = -1;
    private int _openScope = -1;
    private int _openMetric = -1;
    private int _openData = -1;

    /// <summary>The kind of the current metric.</summary>
    public MetricKind Kind => (_metric ?? throw NoMetric()).Kind;

    public void Resource(ReadOnlyMemory<byte> resource)
    {
        if (_resource.Equals(resource))
            return;
        Close();
        _resource = resource;
    }

    public void Scope(EncodedScope scope)
    {
        if (ReferenceEquals(_scope, scope))
            return;
        CloseScope();
        _scope = scope;
    }

    public void Metric(MetricDescriptor metric)
    {
        if (ReferenceEquals(_metric, metric))
            return;
        CloseMetric();
        _metric = metric;
    }

    public void Reset()
    {
        _resource = default;
        _scope = null;
        _metric = null;
    }

    /// <summary>Makes sure that a data point can follow.</summary>
    public void Open()
    {
        if (_openData >= 0)
            return;
        if (_metric is null || _scope is null)
            throw NoMetric();
        if (_openResource < 0)
        {
            _openResource = writer.BeginPadded(Tag.Length(RequestFields.Resources));
            if (!_resource.IsEmpty)
                writer.WriteBytes(Tag.Length(RequestFields.PerResource.Resource), _resource.Span);
        }
        if (_openScope < 0)
        {
            _openScope = writer.BeginPadded(Tag.Length(RequestFields.PerResource.Scopes));
            writer.WriteRaw(_scope.ScopeField);
            writer.WriteRaw(_scope.SchemaUrlField);
        }
        _openMetric = writer.BeginPadded(Tag.Length(RequestFields.PerScope.Items));
        writer.WriteRaw(_metric.Header);
        _openData = writer.BeginPadded(Tag.Length(FieldOf(_metric.Kind)));
        if (_metric.Kind != MetricKind.Gauge)
            writer.WriteVarint(Tag.Varint(MetricsFields.Data.AggregationTemporality), (ulong)temporality);
        if (_metric is { Monotonic: true, Kind: MetricKind.Counter or MetricKind.UpDownCounter })
            writer.WriteVarint(Tag.Varint(MetricsFields.Data.IsMonotonic), 1);
    }

    /// <summary>Back-fills all lengths; what is in the buffer is a complete request then.</summary>
    public void Close()
    {
        CloseScope();
        if (_openResource >= 0)
            writer.EndPadded(_openResource);
        _openResource = -1;
    }

    private void CloseScope()
    {
        CloseMetric();
        if (_openScope >= 0)
            writer.EndPadded(_openScope);
        _openScope = -1;
    }

    private void CloseMetric()
    {
        if (_openData < 0)
            return;
        writer.EndPadded(_openData);
        writer.EndPadded(_openMetric);
        _openData = -1;
        _openMetric = -1;
    }

    private static int FieldOf(MetricKind kind) => kind switch
    {
        MetricKind.Gauge => MetricsFields.Metric.Gauge,
        MetricKind.ExponentialHistogram => MetricsFields.Metric.ExponentialHistogram,
        MetricKind.Histogram => MetricsFields.Metric.Histogram,
        _ => MetricsFields.Metric.Sum,
    };

    private static InvalidOperationException NoMetric() =>
        new("A point needs a scope and a metric: call BeginScope and BeginMetric first.");
}
