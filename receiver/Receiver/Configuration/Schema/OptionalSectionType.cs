using System.Text.Json;

namespace EbpfReceiver.Configuration;

/// <summary>A section that is off unless it is named; an empty value names it, and <c>false</c> takes it back.</summary>
internal sealed class OptionalSectionType<T>(SectionType<T> section) : ConfigurationType<T?>
    where T : class
{
    public override string Name => "section";

    public override ISection Section => section;

    public override T? Read(ConfigurationNode node, string path, BindingContext context) =>
        node is ScalarNode { Quoted: false, Text: "false" } ? null : section.Read(node, path, context);

    public override void WriteSchema(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("anyOf");
        writer.WriteStartObject();
        section.WriteSchema(writer);
        writer.WriteEndObject();
        writer.WriteStartObject();
        writer.WriteBoolean("const", false);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }
}
