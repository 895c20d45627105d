namespace EbpfReceiver.Otlp;

/// <summary>JSON schemas of the four Export requests.</summary>
internal static class RequestSchemas
{
    private static readonly MessageSchema[] s_requests =
    [
        CommonSchemas.Request("resourceSpans", "scopeSpans", "spans", Span()),
        CommonSchemas.Request("resourceMetrics", "scopeMetrics", "metrics", MetricSchemas.Metric()),
        CommonSchemas.Request("resourceLogs", "scopeLogs", "logRecords", LogRecord()),
        CommonSchemas.Request("resourceProfiles", "scopeProfiles", "profiles", ProfileSchemas.Profile())
            .Message(RequestFields.Dictionary, "dictionary", ProfileSchemas.Dictionary()),
    ];

    public static MessageSchema Of(Signal signal) => s_requests[(int)signal];

    private static MessageSchema Span() => new MessageSchema()
        .Id(TraceFields.Span.TraceId, "traceId")
        .Id(TraceFields.Span.SpanId, "spanId")
        .Text(TraceFields.Span.TraceState, "traceState")
        .Id(TraceFields.Span.ParentSpanId, "parentSpanId")
        .Fixed32(TraceFields.Span.Flags, "flags")
        .Text(TraceFields.Span.Name, "name")
        .Enum(TraceFields.Span.Kind, "kind", EnumSchemas.SpanKind)
        .Fixed64(TraceFields.Span.StartTimeUnixNano, "startTimeUnixNano")
        .Fixed64(TraceFields.Span.EndTimeUnixNano, "endTimeUnixNano")
        .Messages(TraceFields.Span.Attributes, "attributes", CommonSchemas.KeyValue)
        .UInt32(TraceFields.Span.DroppedAttributesCount, "droppedAttributesCount")
        .Messages(TraceFields.Span.Events, "events", new MessageSchema()
            .Fixed64(TraceFields.Event.TimeUnixNano, "timeUnixNano")
            .Text(TraceFields.Event.Name, "name")
            .Messages(TraceFields.Event.Attributes, "attributes", CommonSchemas.KeyValue)
            .UInt32(TraceFields.Event.DroppedAttributesCount, "droppedAttributesCount"))
        .UInt32(TraceFields.Span.DroppedEventsCount, "droppedEventsCount")
        .Messages(TraceFields.Span.Links, "links", new MessageSchema()
            .Id(TraceFields.Link.TraceId, "traceId")
            .Id(TraceFields.Link.SpanId, "spanId")
            .Text(TraceFields.Link.TraceState, "traceState")
            .Messages(TraceFields.Link.Attributes, "attributes", CommonSchemas.KeyValue)
            .UInt32(TraceFields.Link.DroppedAttributesCount, "droppedAttributesCount")
            .Fixed32(TraceFields.Link.Flags, "flags"))
        .UInt32(TraceFields.Span.DroppedLinksCount, "droppedLinksCount")
        .Message(TraceFields.Span.Status, "status", new MessageSchema()
            .Text(TraceFields.Status.Message, "message")
            .Enum(TraceFields.Status.Code, "code", EnumSchemas.StatusCode));

    private static MessageSchema LogRecord() => new MessageSchema()
        .Fixed64(LogsFields.LogRecord.TimeUnixNano, "timeUnixNano")
        .Fixed64(LogsFields.LogRecord.ObservedTimeUnixNano, "observedTimeUnixNano")
        .Enum(LogsFields.LogRecord.SeverityNumber, "severityNumber", EnumSchemas.SeverityNumber)
        .Text(LogsFields.LogRecord.SeverityText, "severityText")
        .Message(LogsFields.LogRecord.Body, "body", CommonSchemas.AnyValue)
        .Messages(LogsFields.LogRecord.Attributes, "attributes", CommonSchemas.KeyValue)
        .UInt32(LogsFields.LogRecord.DroppedAttributesCount, "droppedAttributesCount")
        .Fixed32(LogsFields.LogRecord.Flags, "flags")
        .Id(LogsFields.LogRecord.TraceId, "traceId")
        .Id(LogsFields.LogRecord.SpanId, "spanId")
        .Text(LogsFields.LogRecord.EventName, "eventName");
}
