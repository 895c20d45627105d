using System.Text.Json;

namespace EbpfReceiver.IntegrationTests.Telemetry;

internal sealed record LogItem(
    AttributeSet Resource, string Scope, string EventName, DateTimeOffset Time, object? Body, AttributeSet Attributes)
{
    /// <summary>The process that the record's resource, or the record itself, names; 0 if none.</summary>
    public long ProcessId => Attributes.Number("process.pid") ?? Resource.Number("process.pid") ?? 0;

    /// <summary>An attribute of the record, or of its resource.</summary>
    public object? Find(string key) => Attributes.TryGetValue(key, out object? value) || Resource.TryGetValue(key, out value) ? value : null;

    public static LogItem Read(AttributeSet resource, string scope, JsonElement record) => new(
        resource,
        scope,
        record.TryGetProperty("eventName", out JsonElement name) ? name.GetString()! : "",
        AttributeSet.Time(record, "timeUnixNano"),
        record.TryGetProperty("body", out JsonElement body) ? AttributeSet.Value(body) : null,
        AttributeSet.Read(record));
}
