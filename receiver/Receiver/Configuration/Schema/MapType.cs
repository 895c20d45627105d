using System.Text.Json;

namespace EbpfReceiver.Configuration;

/// <summary>A mapping whose keys are the user's own, as the names of headers.</summary>
internal sealed class MapType<T>(ConfigurationType<T> value, string name) : ConfigurationType<IReadOnlyDictionary<string, T>>, IFreeKeys
{
    public override string Name => name;

    public override IReadOnlyDictionary<string, T> Read(ConfigurationNode node, string path, BindingContext context)
    {
        var values = new Dictionary<string, T>(StringComparer.Ordinal);
        if (node is MapNode map)
        {
            foreach (MapEntry entry in map.Entries)
                values.Add(entry.Key, value.Read(entry.Value, $"{path}.{entry.Key}", context));
        }
        else if (node is not ScalarNode { IsNull: true })
        {
            context.Expected(node, path, "a mapping such as {name: value}");
        }

        return values;
    }

    public override void WriteSchema(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("type");
        writer.WriteStringValue("object");
        writer.WriteStringValue("null");
        writer.WriteEndArray();
        writer.WriteStartObject("additionalProperties");
        value.WriteSchema(writer);
        writer.WriteEndObject();
    }
}
