using System.Globalization;
using System.Text.Json;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Configuration;

/// <summary>A mapping with known keys that becomes a record; unknown keys are refused.</summary>
internal sealed class SectionType<T>(ConfigurationKey[] keys, Func<SectionReader, T> build) : ConfigurationType<T>, ISection
{
    public override string Name => "section";

    public IReadOnlyList<ConfigurationKey> Keys => keys;

    public override ISection Section => this;

    public override T Read(ConfigurationNode node, string path, BindingContext context)
    {
        var map = node as MapNode;
        if (map is null && node is not ScalarNode { IsNull: true })
            context.Expected(node, path, "a mapping of keys");

        foreach (MapEntry entry in map?.Entries ?? [])
        {
            if (!keys.Any(key => key.Name == entry.Key))
                context.Report(entry.Location, Join(path, entry.Key), UnknownKey(entry.Key));
        }

        return build(new SectionReader(map, path, context));
    }

    public override void WriteSchema(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("type");
        writer.WriteStringValue("object");
        writer.WriteStringValue("null");
        writer.WriteEndArray();
        writer.WriteBoolean("additionalProperties", false);
        writer.WriteStartObject("properties");
        foreach (ConfigurationKey key in keys)
        {
            writer.WriteStartObject(key.Name);
            writer.WriteString("description", key.Description);
            if (key.DefaultText is { } text && text is not "{}")
                WriteDefault(writer, text);
            key.Type.WriteSchema(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    internal static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static void WriteDefault(Utf8JsonWriter writer, string text)
    {
        // A number, true, false or a list is written the same way in YAML and in JSON; every other text is a string there.
        writer.WritePropertyName("default");
        if (text is "true" or "false" || text[0] == '[' || double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _))
            writer.WriteRawValue(text);
        else
            writer.WriteStringValue(text);
    }

    private string UnknownKey(string name)
    {
        IEnumerable<string> names = keys.Select(key => key.Name);
        return NearestNames.Suggest(name, names) is { Length: > 0 } near
            ? $"unknown key{near}"
            : $"unknown key; the keys here are {string.Join(", ", names)}";
    }
}
