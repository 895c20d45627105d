using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using EbpfReceiver.ProbeLanguage;
using EbpfReceiver.Probes.Declared;

namespace EbpfReceiver.Configuration;

/// <summary>A probe's name, or a pattern with <c>*</c>. A name that no probe has is refused: it would silently observe nothing.</summary>
internal sealed class ProbePatternType() : ScalarType<string>("probe", "")
{
    public static readonly IReadOnlyList<string> ProbeNames = ["process", "tcp", "dns", "tls", "block", "sched"];

    public override string Read(ConfigurationNode node, string path, BindingContext context)
    {
        if (node is ScalarNode { IsNull: false } scalar && TryParse(scalar.Text, out string? value))
            return value;
        string near = node is ScalarNode s ? NearestNames.Suggest(s.Text, ProbeNames.Concat(ProbeCatalogueFiles.Names)) : "";
        context.Report(node.Location, path,
            $"expected one of the probes {string.Join(", ", ProbeNames)}, a probe or group of the catalogue, or a pattern such as * that matches one, "
            + $"found {node.Describe()}{near}");
        return "";
    }

    public override bool TryParse(string text, [MaybeNullWhen(false)] out string value)
    {
        value = text;
        return ProbeNames.Any(name => WildcardPattern.Matches(text, name)) || ProbeCatalogueFiles.Names.Any(name => WildcardPattern.Matches(text, name));
    }

    public override void WriteSchema(Utf8JsonWriter writer)
    {
        writer.WriteString("type", "string");
        writer.WriteStartArray("examples");
        writer.WriteStringValue("*");
        foreach (string name in ProbeNames)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
    }
}
