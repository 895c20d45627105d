using System.Text.Json;

namespace EbpfReceiver.IntegrationTests.Telemetry;

/// <summary>One point of a metric. Value is the number of a sum or gauge, and the count of a histogram.</summary>
internal sealed record MetricPoint(
    AttributeSet Resource, string Scope, string Name, string Unit, string Kind, bool Monotonic, long Temporality,
    AttributeSet Attributes, DateTimeOffset Start, DateTimeOffset Time, double Value, HistogramPoint? Histogram)
{
    public const long Delta = 1;
    public const long Cumulative = 2;

    /// <summary>What a point shares with the others of its series.</summary>
    public string Series => $"{Scope}/{Name}{{{Resource}}}{{{Attributes}}}";

    public static IEnumerable<MetricPoint> Read(AttributeSet resource, string scope, JsonElement metric)
    {
        string name = metric.GetProperty("name").GetString()!;
        string unit = metric.TryGetProperty("unit", out JsonElement text) ? text.GetString()! : "";
        foreach (string kind in (string[])["sum", "gauge", "histogram", "exponentialHistogram", "summary"])
        {
            if (!metric.TryGetProperty(kind, out JsonElement data))
                continue;
            bool monotonic = data.TryGetProperty("isMonotonic", out JsonElement flag) && flag.GetBoolean();
            long temporality = AttributeSet.Integer(data, "aggregationTemporality");
            foreach (JsonElement point in TelemetryFile.Elements(data, "dataPoints"))
            {
                HistogramPoint? histogram = kind == "exponentialHistogram" ? HistogramPoint.Read(point) : null;
                yield return new MetricPoint(
                    resource, scope, name, unit, kind, monotonic, temporality, AttributeSet.Read(point),
                    AttributeSet.Time(point, "startTimeUnixNano"), AttributeSet.Time(point, "timeUnixNano"), Number(point), histogram);
            }
        }
    }

    private static double Number(JsonElement point) =>
        point.TryGetProperty("asInt", out JsonElement integer) ? AttributeSet.Integer(integer)
        : point.TryGetProperty("asDouble", out JsonElement number) ? number.GetDouble()
        : AttributeSet.Integer(point, "count");
}
