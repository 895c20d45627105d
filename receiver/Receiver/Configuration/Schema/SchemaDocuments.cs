using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EbpfReceiver.Configuration;

/// <summary>What the table of keys looks like to others: to editors a JSON Schema, to readers a table in Markdown.</summary>
internal static class SchemaDocuments
{
    /// <summary>JSON Schema, draft 2020-12.</summary>
    public static string JsonSchema()
    {
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(stream, options))
        {
            writer.WriteStartObject();
            writer.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            writer.WriteString("title", "ebpf-receiver configuration");
            RootKeys.Section.WriteSchema(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    /// <summary>A table with a row a key, in the order of the schema; a section that occurs again is only referred to.</summary>
    public static string KeyTable()
    {
        var table = new StringBuilder("| key | value | default | |\n| --- | --- | --- | --- |\n");
        Append(table, RootKeys.Section, "", []);
        return table.ToString();
    }

    private static void Append(StringBuilder table, ISection section, string path, Dictionary<ISection, string> seen)
    {
        foreach (ConfigurationKey key in section.Keys)
        {
            string keyPath = path.Length == 0 ? key.Name : $"{path}.{key.Name}";
            string value = key.Type.Name.Replace("|", "\\|", StringComparison.Ordinal);
            string otherwise = key.DefaultText is null or "{}" && key.Type.Section is not null ? "" : key.DefaultText is null ? "" : $"`{key.DefaultText}`";
            string description = key.Description;
            bool repeated = key.Type.Section is { } again && seen.TryGetValue(again, out _);
            if (repeated)
                description += $" Its keys are those of `{seen[key.Type.Section!]}`.";
            table.Append("| `").Append(keyPath).Append("` | ").Append(value).Append(" | ").Append(otherwise).Append(" | ")
                .Append(description).Append(" |\n");
            if (key.Type.Section is { } inner && seen.TryAdd(inner, keyPath))
                Append(table, inner, keyPath, seen);
        }
    }
}
