using System.Text.Json;
using EbpfReceiver.ProbeLanguage;
using EbpfReceiver.Probes;

namespace EbpfReceiver.Trace;

/// <summary>The final tables for scripts; docs/trace.md describes the document.</summary>
internal static class TraceJson
{
    /// <summary>Writes the document.</summary>
    /// <param name="stream">Takes it.</param>
    /// <param name="probes">What was recorded.</param>
    /// <param name="duration">How long.</param>
    /// <param name="events">Spans and log records that came.</param>
    public static void Write(Stream stream, IReadOnlyList<TraceProbe> probes, TimeSpan duration, TraceEvents events)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("duration_seconds", Math.Round(duration.TotalSeconds, 3));
        json.WriteStartArray("probes");
        foreach (TraceProbe probe in probes) Write(json, probe);
        json.WriteEndArray();
        json.WriteStartArray("events");
        foreach (TraceEvent item in events.All) Write(json, item);
        json.WriteEndArray();
        json.WriteNumber("events_dropped", events.Dropped);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TraceProbe probe)
    {
        json.WriteStartObject();
        json.WriteString("name", probe.Name);
        json.WriteStartArray("hooks");
        foreach (HookStatus hook in probe.Hooks)
        {
            json.WriteStartObject();
            json.WriteString("name", hook.Name);
            json.WriteString("alternative", hook.Chosen);
            json.WriteStartArray("attached_to");
            foreach (string place in hook.AttachedTo) json.WriteStringValue(place);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("maps");
        foreach (TraceMap map in probe.Maps) Write(json, map);
        json.WriteEndArray();
        json.WriteNumber("lowest_sampling_ratio", probe.LowestSamplingRatio);
        json.WriteStartObject("lost");
        foreach ((string cause, long count) in probe.Losses) json.WriteNumber(cause, count);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TraceMap map)
    {
        json.WriteStartObject();
        json.WriteString("name", map.Name);
        json.WriteString("kind", map.Kind);
        json.WriteString("unit", map.Unit);
        json.WriteStartArray("keys");
        foreach (string key in map.Keys) json.WriteStringValue(key);
        json.WriteEndArray();
        if (map.IsHistogram) json.WriteString("bounds", map.IsLowerInclusive ? "[lower, upper)" : "(lower, upper]");
        json.WriteStartArray("entries");
        foreach (TraceRow row in map.Rows) Write(json, map, row);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TraceMap map, TraceRow row)
    {
        json.WriteStartObject();
        json.WriteStartObject("key");
        for (int i = 0; i < row.Key.Count; i++)
        {
            json.WritePropertyName(map.Keys[i]);
            Write(json, row.Key[i]);
        }

        json.WriteEndObject();
        if (row.IsOverflow) json.WriteBoolean("overflow", true);
        if (map.IsHistogram)
        {
            json.WriteNumber("count", row.Whole ?? 0);
            WriteSum(json, row);
            Number(json, "min", row.Minimum);
            Number(json, "max", row.Maximum);
            json.WriteStartArray("buckets");
            foreach (TraceBucket bucket in row.Buckets)
            {
                json.WriteStartObject();
                if (bucket.Lower is { } lower) Number(json, "lower", lower);
                if (bucket.Upper is { } upper) Number(json, "upper", upper);
                json.WriteNumber("count", bucket.Count);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
        else if (row.Whole is { } whole)
        {
            json.WriteNumber("value", whole);
        }
        else
        {
            Number(json, "value", row.Value);
        }

        if (map.IsAverage)
        {
            json.WriteNumber("count", row.Count);
            WriteSum(json, row);
        }

        json.WriteEndObject();
    }

    private static void WriteSum(Utf8JsonWriter json, TraceRow row)
    {
        if (row.WholeSum is { } sum) json.WriteNumber("sum", sum);
        else Number(json, "sum", row.Sum);
    }

    private static void Write(Utf8JsonWriter json, TraceEvent item)
    {
        json.WriteStartObject();
        json.WriteString("probe", item.Probe);
        json.WriteString("kind", item.Kind);
        json.WriteNumber("time_unix_nano", item.Time);
        if (item.Kind == "span") json.WriteNumber("duration_nano", item.Duration);
        json.WriteString("name", item.Name);
        if (item.Body.Length > 0) json.WriteString("body", item.Body);
        json.WriteNumber("pid", item.Pid);
        json.WriteStartObject("attributes");
        foreach ((string key, DecodedValue value) in item.Attributes)
        {
            json.WritePropertyName(key);
            Write(json, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, in DecodedValue value)
    {
        switch (value.Kind)
        {
            case DecodedKind.None:
                json.WriteNullValue();
                break;
            case DecodedKind.Signed when value.TryGetNumber(out long number):
                json.WriteNumberValue(number);
                break;
            case DecodedKind.Unsigned when value.TryGetNumber(out long number):
                json.WriteNumberValue((ulong)number);
                break;
            case DecodedKind.Boolean when value.TryGetNumber(out long number):
                json.WriteBooleanValue(number != 0);
                break;
            default:
                json.WriteStringValue(value.ToString());
                break;
        }
    }

    /// <summary>Whole numbers without a fraction, whatever their size: 9007199254740993 is not what a double can say.</summary>
    private static void Number(Utf8JsonWriter json, string name, double value)
    {
        if (value is >= -9e15 and <= 9e15 && Math.Floor(value) == value) json.WriteNumber(name, (long)value);
        else json.WriteNumber(name, value);
    }
}
