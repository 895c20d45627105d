using System.Text.Json;

namespace EbpfReceiver.IntegrationTests.Telemetry;

internal sealed record SpanItem(
    AttributeSet Resource, string Scope, string Name, long Kind, string TraceId, string SpanId, string ParentSpanId,
    DateTimeOffset Start, DateTimeOffset End, long StatusCode, AttributeSet Attributes)
{
    public const long Server = 2;
    public const long Client = 3;
    public const long Error = 2;

    /// <summary>The process that the span's resource names; 0 if none.</summary>
    public long ProcessId => Resource.Number("process.pid") ?? 0;

    public static SpanItem Read(AttributeSet resource, string scope, JsonElement span) => new(
        resource,
        scope,
        span.TryGetProperty("name", out JsonElement name) ? name.GetString()! : "",
        AttributeSet.Integer(span, "kind"),
        span.GetProperty("traceId").GetString()!,
        span.GetProperty("spanId").GetString()!,
        span.TryGetProperty("parentSpanId", out JsonElement parent) ? parent.GetString()! : "",
        AttributeSet.Time(span, "startTimeUnixNano"),
        AttributeSet.Time(span, "endTimeUnixNano"),
        span.TryGetProperty("status", out JsonElement status) ? AttributeSet.Integer(status, "code") : 0,
        AttributeSet.Read(span));
}
