using System.Text.Json;

namespace EbpfReceiver.Configuration;

/// <summary>A process pattern: a mapping, or a plain text that is short for <c>{name: text}</c>.</summary>
internal sealed class ProcessPatternType(SectionType<ProcessPattern> section) : ConfigurationType<ProcessPattern>
{
    public override string Name => "process pattern";

    public override ISection Section => section;

    public override ProcessPattern Read(ConfigurationNode node, string path, BindingContext context)
    {
        if (node is ScalarNode { IsNull: false } name)
            return new ProcessPattern { Name = name.Text };
        ProcessPattern pattern = section.Read(node, path, context);
        if (node is MapNode { Entries.Count: 0 } or ScalarNode)
            context.Report(node.Location, path, "an empty pattern would match every process; name one of name, path, pid, container, cgroup");
        return pattern;
    }

    public override void WriteSchema(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("anyOf");
        writer.WriteStartObject();
        writer.WriteString("type", "string");
        writer.WriteEndObject();
        writer.WriteStartObject();
        section.WriteSchema(writer);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }
}
