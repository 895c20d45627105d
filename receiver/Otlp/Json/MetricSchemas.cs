namespace EbpfReceiver.Otlp;

/// <summary>JSON schemas of metrics.proto.</summary>
internal static class MetricSchemas
{
    public static MessageSchema Metric()
    {
        MessageSchema numbers = NumberPoint();
        return new MessageSchema()
            .Text(MetricsFields.Metric.Name, "name")
            .Text(MetricsFields.Metric.Description, "description")
            .Text(MetricsFields.Metric.Unit, "unit")
            .Message(MetricsFields.Metric.Gauge, "gauge", new MessageSchema()
                .Messages(MetricsFields.Data.DataPoints, "dataPoints", numbers))
            .Message(MetricsFields.Metric.Sum, "sum", Aggregated(numbers)
                .Bool(MetricsFields.Data.IsMonotonic, "isMonotonic"))
            .Message(MetricsFields.Metric.Histogram, "histogram", Aggregated(HistogramPoint()))
            .Message(MetricsFields.Metric.ExponentialHistogram, "exponentialHistogram", Aggregated(ExponentialHistogramPoint()))
            .Message(MetricsFields.Metric.Summary, "summary", new MessageSchema()
                .Messages(MetricsFields.Data.DataPoints, "dataPoints", SummaryPoint()))
            .Messages(MetricsFields.Metric.Metadata, "metadata", CommonSchemas.KeyValue);
    }

    private static MessageSchema Aggregated(MessageSchema point) => new MessageSchema()
        .Messages(MetricsFields.Data.DataPoints, "dataPoints", point)
        .Enum(MetricsFields.Data.AggregationTemporality, "aggregationTemporality", EnumSchemas.AggregationTemporality);

    private static MessageSchema NumberPoint() => new MessageSchema()
        .Messages(MetricsFields.NumberPoint.Attributes, "attributes", CommonSchemas.KeyValue)
        .Fixed64(MetricsFields.NumberPoint.StartTimeUnixNano, "startTimeUnixNano")
        .Fixed64(MetricsFields.NumberPoint.TimeUnixNano, "timeUnixNano")
        .Double(MetricsFields.NumberPoint.AsDouble, "asDouble")
        .SFixed64(MetricsFields.NumberPoint.AsInt, "asInt")
        .Messages(MetricsFields.NumberPoint.Exemplars, "exemplars", Exemplar())
        .UInt32(MetricsFields.NumberPoint.Flags, "flags");

    private static MessageSchema HistogramPoint() => new MessageSchema()
        .Messages(MetricsFields.HistogramPoint.Attributes, "attributes", CommonSchemas.KeyValue)
        .Fixed64(MetricsFields.HistogramPoint.StartTimeUnixNano, "startTimeUnixNano")
        .Fixed64(MetricsFields.HistogramPoint.TimeUnixNano, "timeUnixNano")
        .Fixed64(MetricsFields.HistogramPoint.Count, "count")
        .Double(MetricsFields.HistogramPoint.Sum, "sum")
        .Fixed64s(MetricsFields.HistogramPoint.BucketCounts, "bucketCounts")
        .Doubles(MetricsFields.HistogramPoint.ExplicitBounds, "explicitBounds")
        .Messages(MetricsFields.HistogramPoint.Exemplars, "exemplars", Exemplar())
        .UInt32(MetricsFields.HistogramPoint.Flags, "flags")
        .Double(MetricsFields.HistogramPoint.Min, "min")
        .Double(MetricsFields.HistogramPoint.Max, "max");

    private static MessageSchema ExponentialHistogramPoint()
    {
        MessageSchema buckets = new MessageSchema()
            .SInt32(MetricsFields.Buckets.Offset, "offset")
            .UInt64s(MetricsFields.Buckets.BucketCounts, "bucketCounts");
        return new MessageSchema()
            .Messages(MetricsFields.ExponentialHistogramPoint.Attributes, "attributes", CommonSchemas.KeyValue)
            .Fixed64(MetricsFields.ExponentialHistogramPoint.StartTimeUnixNano, "startTimeUnixNano")
            .Fixed64(MetricsFields.ExponentialHistogramPoint.TimeUnixNano, "timeUnixNano")
            .Fixed64(MetricsFields.ExponentialHistogramPoint.Count, "count")
            .Double(MetricsFields.ExponentialHistogramPoint.Sum, "sum")
            .SInt32(MetricsFields.ExponentialHistogramPoint.Scale, "scale")
            .Fixed64(MetricsFields.ExponentialHistogramPoint.ZeroCount, "zeroCount")
            .Message(MetricsFields.ExponentialHistogramPoint.Positive, "positive", buckets)
            .Message(MetricsFields.ExponentialHistogramPoint.Negative, "negative", buckets)
            .UInt32(MetricsFields.ExponentialHistogramPoint.Flags, "flags")
            .Messages(MetricsFields.ExponentialHistogramPoint.Exemplars, "exemplars", Exemplar())
            .Double(MetricsFields.ExponentialHistogramPoint.Min, "min")
            .Double(MetricsFields.ExponentialHistogramPoint.Max, "max")
            .Double(MetricsFields.ExponentialHistogramPoint.ZeroThreshold, "zeroThreshold");
    }

    private static MessageSchema SummaryPoint() => new MessageSchema()
        .Messages(MetricsFields.SummaryPoint.Attributes, "attributes", CommonSchemas.KeyValue)
        .Fixed64(MetricsFields.SummaryPoint.StartTimeUnixNano, "startTimeUnixNano")
        .Fixed64(MetricsFields.SummaryPoint.TimeUnixNano, "timeUnixNano")
        .Fixed64(MetricsFields.SummaryPoint.Count, "count")
        .Double(MetricsFields.SummaryPoint.Sum, "sum")
        .Messages(MetricsFields.SummaryPoint.QuantileValues, "quantileValues", new MessageSchema()
            .Double(MetricsFields.QuantileValue.Quantile, "quantile")
            .Double(MetricsFields.QuantileValue.Value, "value"))
        .UInt32(MetricsFields.SummaryPoint.Flags, "flags");

    private static MessageSchema Exemplar() => new MessageSchema()
        .Messages(MetricsFields.Exemplar.FilteredAttributes, "filteredAttributes", CommonSchemas.KeyValue)
        .Fixed64(MetricsFields.Exemplar.TimeUnixNano, "timeUnixNano")
        .Double(MetricsFields.Exemplar.AsDouble, "asDouble")
        .SFixed64(MetricsFields.Exemplar.AsInt, "asInt")
        .Id(MetricsFields.Exemplar.SpanId, "spanId")
        .Id(MetricsFields.Exemplar.TraceId, "traceId");
}
