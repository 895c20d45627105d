using System.Text;

namespace EbpfReceiver.CodeGeneration.Registry;

/// <summary>Writes the registry as a page for people, in Markdown.</summary>
/// <param name="registry">What to write.</param>
public sealed class ReferenceWriter(TelemetryRegistry registry)
{
    private readonly StringBuilder _text = new();

    /// <summary>Writes the whole page.</summary>
    public string Write()
    {
        _text.Clear();
        Line("# Telemetry reference");
        Line();
        Line("<!-- Made from probes/registry/*.yaml: dotnet run --project receiver/CodeGeneration -- registry probes/registry --reference docs/telemetry.md -->");
        Line();
        Line("Everything the receiver emits: by probe, then its own health, resources and attributes. A name marked ✓ is one of OpenTelemetry's");
        Line("[semantic conventions](https://opentelemetry.io/docs/specs/semconv/) (" + registry.SchemaUrl + "); the others are interim names of");
        Line("ours, for what the conventions have no name for. Durations are in seconds (`s`), sizes in bytes (`By`), and counts have their noun in");
        Line("braces. Histograms are exponential. Attributes in *italics* are there only under the condition that their table names.");
        foreach (string area in registry.Areas.Where(a => a != TelemetryRegistry.Self)) Area(area, $"Probe `{area}`");
        Area(TelemetryRegistry.Self, "The receiver itself");
        Resources();
        Attributes();
        return _text.ToString();
    }

    private void Area(string area, string title)
    {
        Line();
        Line($"## {title}");
        Line();
        Line($"Scope `{TelemetryRegistry.ScopeOf(area)}`.");
        Metrics([.. registry.Of(area, GroupType.Metric)], area);
        foreach (RegistryGroup span in registry.Of(area, GroupType.Span)) Item(span, $"Span `{span.Name}` ({span.SpanKind.ToUpperInvariant()})");
        foreach (RegistryGroup log in registry.Of(area, GroupType.Event)) Item(log, $"Event `{log.Name}`");
    }

    private void Metrics(IReadOnlyList<RegistryGroup> metrics, string area)
    {
        if (metrics.Count == 0) return;
        bool self = area == TelemetryRegistry.Self;
        Line();
        Line(self ? "| metric | | instrument | unit | attributes | what it tells |" : "| metric | | instrument | unit | of | attributes | what it tells |");
        Line(self ? "| --- | --- | --- | --- | --- | --- |" : "| --- | --- | --- | --- | --- | --- | --- |");
        foreach (RegistryGroup metric in metrics)
        {
            string of = self ? "" : metric.OfHost ? "machine | " : "process | ";
            string attributes = string.Join(
                ", ", metric.Attributes.Select(u => u.Condition is null ? $"`{u.Attribute.Id}`" : $"*`{u.Attribute.Id}`*"));
            string brief = metric.Note.Length == 0 ? metric.Brief : $"{metric.Brief} {metric.Note}";
            Line($"| `{metric.Name}` | {Mark(metric.Conventional)} | {metric.Instrument} | `{metric.Unit}` | {of}{attributes} | {brief} |");
        }
    }

    private void Item(RegistryGroup group, string title)
    {
        Line();
        Line($"### {title}");
        Line();
        Line(group.Brief);
        Line();
        Line("| attribute | | type | when |");
        Line("| --- | --- | --- | --- |");
        foreach (AttributeUse use in group.Attributes)
        {
            string when = use.Condition is { } condition ? $"if {condition}" : use.Requirement == "required" ? "always" : "where known";
            Line($"| `{use.Attribute.Id}` | {Mark(use.Attribute.Conventional)} | {use.Attribute.Type} | {when} |");
        }
    }

    private void Resources()
    {
        Line();
        Line("## Resources");
        foreach (RegistryGroup entity in registry.Groups.Where(g => g.Type == GroupType.Entity))
        {
            Line();
            Line($"### {entity.Name}");
            Line();
            Line(entity.Brief);
            Line();
            Line("| attribute | | role |");
            Line("| --- | --- | --- |");
            foreach (AttributeUse use in entity.Attributes)
                Line($"| `{use.Attribute.Id}` | {Mark(use.Attribute.Conventional)} | {use.Requirement} |");
        }
    }

    private void Attributes()
    {
        Line();
        Line("## Attributes");
        Line();
        Line("| attribute | | type | stability | what it tells | values or examples |");
        Line("| --- | --- | --- | --- | --- | --- |");
        foreach (RegistryAttribute attribute in registry.Attributes)
        {
            IEnumerable<string> values = attribute.Members.Count > 0 ? attribute.Members.Select(m => m.Value) : attribute.Examples;
            string shown = string.Join(", ", values.Select(v => $"`{v}`"));
            Line($"| `{attribute.Id}` | {Mark(attribute.Conventional)} | {attribute.Type} | {attribute.Stability} | {attribute.Brief} | {shown} |");
        }
    }

    private void Line(string text = "") => _text.Append(text).Append('\n');

    private static string Mark(bool conventional) => conventional ? "✓" : "";
}
