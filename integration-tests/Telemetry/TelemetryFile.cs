using System.Text.Json;

namespace EbpfReceiver.IntegrationTests.Telemetry;

/// <summary>
/// Reads lines of OTLP JSON, ours or a collector's, with nothing but a JSON parser: what is read back is what is there,
/// not what our own encoder would make of it.
/// </summary>
internal sealed class TelemetryFile
{
    private readonly List<SpanItem> _spans = [];
    private readonly List<LogItem> _logs = [];
    private readonly List<MetricPoint> _points = [];

    public IReadOnlyList<SpanItem> Spans => _spans;

    public IReadOnlyList<LogItem> Logs => _logs;

    /// <summary>Every point of every export; the last of a cumulative series is its value.</summary>
    public IReadOnlyList<MetricPoint> Points => _points;

    public static TelemetryFile Read(string path)
    {
        TelemetryFile file = new();
        foreach (string line in CompleteLines.Read(path))
            file.Add(line);
        return file;
    }

    /// <summary>The last point of each series of a metric.</summary>
    public IReadOnlyList<MetricPoint> Latest(string metric) =>
        [.. _points.Where(point => point.Name == metric).GroupBy(point => point.Series).Select(series => series.MaxBy(point => point.Time)!)];

    /// <summary>The sum of the last values of all series of a counter that match.</summary>
    public double Sum(string metric, Func<MetricPoint, bool>? matches = null) =>
        Latest(metric).Where(matches ?? (_ => true)).Sum(point => point.Value);

    private void Add(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement root = document.RootElement;
        foreach (JsonElement resource in Elements(root, "resourceSpans"))
            Scopes(resource, "scopeSpans", "spans", (attributes, scope, item) => _spans.Add(SpanItem.Read(attributes, scope, item)));
        foreach (JsonElement resource in Elements(root, "resourceLogs"))
            Scopes(resource, "scopeLogs", "logRecords", (attributes, scope, item) => _logs.Add(LogItem.Read(attributes, scope, item)));
        foreach (JsonElement resource in Elements(root, "resourceMetrics"))
            Scopes(resource, "scopeMetrics", "metrics", (attributes, scope, item) => _points.AddRange(MetricPoint.Read(attributes, scope, item)));
    }

    private static void Scopes(JsonElement resource, string scopes, string items, Action<AttributeSet, string, JsonElement> add)
    {
        AttributeSet attributes = resource.TryGetProperty("resource", out JsonElement inner) ? AttributeSet.Read(inner) : new AttributeSet();
        foreach (JsonElement scope in Elements(resource, scopes))
        {
            string name = scope.TryGetProperty("scope", out JsonElement described) && described.TryGetProperty("name", out JsonElement text)
                ? text.GetString()! : "";
            foreach (JsonElement item in Elements(scope, items))
                add(attributes, name, item);
        }
    }

    internal static IEnumerable<JsonElement> Elements(JsonElement of, string property) =>
        of.TryGetProperty(property, out JsonElement array) ? array.EnumerateArray() : [];
}
