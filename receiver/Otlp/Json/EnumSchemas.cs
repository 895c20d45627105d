namespace EbpfReceiver.Otlp;

/// <summary>The enums of trace.proto, metrics.proto and logs.proto.</summary>
internal static class EnumSchemas
{
    public static EnumNames SpanKind { get; } =
        new("SPAN_KIND_", "UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER");

    public static EnumNames StatusCode { get; } = new("STATUS_CODE_", "UNSET", "OK", "ERROR");

    public static EnumNames AggregationTemporality { get; } = new("AGGREGATION_TEMPORALITY_", "UNSPECIFIED", "DELTA", "CUMULATIVE");

    public static EnumNames SeverityNumber { get; } = new(
        "SEVERITY_NUMBER_",
        "UNSPECIFIED",
        "TRACE", "TRACE2", "TRACE3", "TRACE4",
        "DEBUG", "DEBUG2", "DEBUG3", "DEBUG4",
        "INFO", "INFO2", "INFO3", "INFO4",
        "WARN", "WARN2", "WARN3", "WARN4",
        "ERROR", "ERROR2", "ERROR3", "ERROR4",
        "FATAL", "FATAL2", "FATAL3", "FATAL4");
}
