using System.Globalization;
using System.Text.Json;

namespace EbpfReceiver.IntegrationTests.Telemetry;

/// <summary>Attributes by key: string, long, double, bool, byte[] or a list of those.</summary>
internal sealed class AttributeSet : Dictionary<string, object?>
{
    /// <summary>Reads the "attributes" of an object.</summary>
    public static AttributeSet Read(JsonElement of)
    {
        AttributeSet set = [];
        foreach (JsonElement attribute in TelemetryFile.Elements(of, "attributes"))
        {
            string key = attribute.GetProperty("key").GetString()!;
            if (!set.TryAdd(key, attribute.TryGetProperty("value", out JsonElement value) ? Value(value) : null))
                throw new InvalidDataException($"attribute {key} is there twice");
        }

        return set;
    }

    public long? Number(string key) => TryGetValue(key, out object? value) ? value as long? : null;

    public string? Text(string key) => TryGetValue(key, out object? value) ? value as string : null;

    public override string ToString() => string.Join(", ", this.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={Show(pair.Value)}"));

    private static string Show(object? value) => value is IEnumerable<object?> list
        ? $"[{string.Join(", ", list.Select(Show))}]"
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    /// <summary>An AnyValue. 64-bit integers are strings in OTLP JSON; readers take numbers as well.</summary>
    internal static object? Value(JsonElement any)
    {
        foreach (JsonProperty property in any.EnumerateObject())
        {
            return property.Name switch
            {
                "stringValue" => property.Value.GetString(),
                "boolValue" => property.Value.GetBoolean(),
                "intValue" => Integer(property.Value),
                "doubleValue" => property.Value.GetDouble(),
                "bytesValue" => property.Value.GetBytesFromBase64(),
                "arrayValue" => TelemetryFile.Elements(property.Value, "values").Select(Value).ToList(),
                _ => throw new InvalidDataException($"a value of kind {property.Name}"),
            };
        }

        return null;
    }

    internal static long Integer(JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? long.Parse(element.GetString()!, CultureInfo.InvariantCulture) : element.GetInt64();

    internal static long Integer(JsonElement of, string property) => of.TryGetProperty(property, out JsonElement value) ? Integer(value) : 0;

    internal static DateTimeOffset Time(JsonElement of, string property) =>
        DateTimeOffset.UnixEpoch.AddTicks(Integer(of, property) / 100);
}
