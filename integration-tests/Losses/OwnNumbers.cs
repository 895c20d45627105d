using System.Globalization;
using System.Text.Json;
using EbpfReceiver.IntegrationTests.Operations;
using EbpfReceiver.IntegrationTests.Telemetry;
using EbpfReceiver.Proto.V1;

namespace EbpfReceiver.IntegrationTests.Losses;

/// <summary>The receiver's numbers about itself as they came out somewhere, by metric and attributes; of a series, the last.</summary>
internal sealed class OwnNumbers : Dictionary<string, double>
{
    private const string Scope = "ebpf-receiver";

    /// <summary>From an answer of GetStats.</summary>
    public static OwnNumbers OfStatistics(GetStatsResponse statistics)
    {
        OwnNumbers numbers = [];
        foreach (Measurement measurement in statistics.Measurements)
            numbers[Key(measurement.Metric, measurement.Attributes)] = measurement.Value;
        return numbers;
    }

    /// <summary>From lines of OTLP JSON; a last line that is still being written is left out.</summary>
    public static OwnNumbers OfLines(string path)
    {
        OwnNumbers numbers = [];
        foreach (string line in CompleteLines.Read(path))
        {
            if (!line.Contains("ebpf_receiver.", StringComparison.Ordinal))
                continue;
            using JsonDocument document = JsonDocument.Parse(line);
            numbers.AddOtlp(document.RootElement);
        }

        return numbers;
    }

    /// <summary>Takes in an OTLP message with <c>resourceMetrics</c>, in the JSON of OTLP or of protobuf.</summary>
    public void AddOtlp(JsonElement data)
    {
        IEnumerable<JsonElement> metrics =
            from resource in data.GetProperty("resourceMetrics").EnumerateArray()
            from scope in resource.GetProperty("scopeMetrics").EnumerateArray()
            where scope.TryGetProperty("scope", out JsonElement of)
                && of.TryGetProperty("name", out JsonElement name) && name.GetString() == Scope
            from metric in scope.GetProperty("metrics").EnumerateArray()
            select metric;
        foreach (JsonElement metric in metrics)
        {
            JsonElement points = Object(metric, "sum") ?? Object(metric, "gauge")
                ?? throw new InvalidDataException($"neither sum nor gauge: {metric}");
            foreach (JsonElement point in points.GetProperty("dataPoints").EnumerateArray())
            {
                IEnumerable<KeyValuePair<string, string>> attributes = !point.TryGetProperty("attributes", out JsonElement list)
                    ? []
                    : list.EnumerateArray().Select(a => KeyValuePair.Create(
                        a.GetProperty("key").GetString()!, a.GetProperty("value").GetProperty("stringValue").GetString()!));
                this[Key(metric.GetProperty("name").GetString()!, attributes)] = Number(point);
            }
        }
    }

    /// <summary>From the metrics page, whose names are mapped back by those of <paramref name="known"/>.</summary>
    public static OwnNumbers OfPage(ExposedPage page, OwnNumbers known)
    {
        Dictionary<string, double> exposed = [];
        foreach ((string name, IReadOnlyDictionary<string, string> labels, double value) in page.Samples)
        {
            if (labels.GetValueOrDefault("job") == Scope)
                exposed[Key(name, labels.Where(label => label.Key is not "job" and not "instance"))] = value;
        }

        OwnNumbers numbers = [];
        foreach (string key in known.Keys)
        {
            int brace = key.IndexOf('{', StringComparison.Ordinal);
            string name = key[..brace].Replace('.', '_'), labels = key[brace..];
            // Dots of keys, not of values.
            labels = string.Join(
                ',', labels.Split(',').Select(label => label.Split('=', 2) is [var k, var v] ? $"{k.Replace('.', '_')}={v}" : label));
            foreach (string suffix in (string[])["", "_total", "_seconds", "_seconds_total", "_bytes", "_bytes_total", "_ratio", "_current"])
            {
                if (exposed.TryGetValue($"{name}{suffix}{labels}", out double value))
                    numbers[key] = value;
            }
        }

        return numbers;
    }

    public static string Key(string metric, IEnumerable<KeyValuePair<string, string>> attributes) =>
        $"{metric}{{{string.Join(',', attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}"))}}}";

    private static JsonElement? Object(JsonElement of, string property) =>
        of.TryGetProperty(property, out JsonElement value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static double Number(JsonElement point)
    {
        foreach (string property in (string[])["asInt", "asDouble"])
        {
            if (!point.TryGetProperty(property, out JsonElement value))
                continue;
            return value.ValueKind == JsonValueKind.String
                ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture)
                : value.GetDouble();
        }

        return 0;
    }
}
