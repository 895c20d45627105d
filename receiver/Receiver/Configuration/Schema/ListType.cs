using System.Text.Json;

namespace EbpfReceiver.Configuration;

/// <summary>A list of values of one type. In a second file it replaces the first one's.</summary>
internal sealed class ListType<T>(ConfigurationType<T> item, string? itemName = null) : ConfigurationType<IReadOnlyList<T>>
{
    public override string Name => $"list of {itemName ?? item.Name}";

    public override IReadOnlyList<T> Read(ConfigurationNode node, string path, BindingContext context)
    {
        if (node is not ListNode list)
        {
            if (node is not ScalarNode { IsNull: true })
                context.Expected(node, path, "a list such as [a, b]");
            return [];
        }

        var values = new T[list.Items.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = item.Read(list.Items[i], $"{path}[{i}]", context);
        return values;
    }

    public override void WriteSchema(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("type");
        writer.WriteStringValue("array");
        writer.WriteStringValue("null");
        writer.WriteEndArray();
        writer.WriteStartObject("items");
        item.WriteSchema(writer);
        writer.WriteEndObject();
    }
}
