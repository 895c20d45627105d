namespace EbpfReceiver.Otlp;

/// <summary>A Metric in request bytes, without its points.</summary>
internal readonly ref struct MetricView
{
    /// <param name="message">An encoded Metric.</param>
    public MetricView(ReadOnlySpan<byte> message)
    {
        var fields = new ProtobufReader(message);
        while (fields.Next())
        {
            if (fields.WireType != WireType.Length)
                continue;
            switch (fields.Field)
            {
                case MetricsFields.Metric.Name:
                    Name = fields.Bytes;
                    break;
                case MetricsFields.Metric.Description:
                    Description = fields.Bytes;
                    break;
                case MetricsFields.Metric.Unit:
                    Unit = fields.Bytes;
                    break;
                case (int)PointKind.Gauge or (int)PointKind.Sum or (int)PointKind.Histogram or (int)PointKind.ExponentialHistogram
                    or (int)PointKind.Summary:
                    Kind = (PointKind)fields.Field;
                    Data = fields.Bytes;
                    break;
            }
        }
        var data = new ProtobufReader(Data);
        while (data.Next())
        {
            if (data is { Field: MetricsFields.Data.AggregationTemporality, WireType: WireType.Varint })
                Temporality = (Temporality)data.Number;
            else if (data is { Field: MetricsFields.Data.IsMonotonic, WireType: WireType.Varint })
                Monotonic = data.Number != 0;
        }
        Malformed = fields.Malformed || data.Malformed;
    }

    /// <summary>The name, UTF-8.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The description, UTF-8.</summary>
    public ReadOnlySpan<byte> Description { get; }

    /// <summary>The unit, UCUM, UTF-8.</summary>
    public ReadOnlySpan<byte> Unit { get; }

    /// <summary>What its points are.</summary>
    public PointKind Kind { get; }

    /// <summary>What its points count from; only for sums and histograms.</summary>
    public Temporality Temporality { get; }

    /// <summary>Whether a sum never falls.</summary>
    public bool Monotonic { get; }

    internal ReadOnlySpan<byte> Data { get; }

    internal bool Malformed { get; }
}
