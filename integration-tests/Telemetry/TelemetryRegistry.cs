using YamlDotNet.RepresentationModel;

namespace EbpfReceiver.IntegrationTests.Telemetry;

/// <summary>
/// The registry of names, read anew from probes/registry and not through the code that is generated from it, and the metrics that the
/// catalogue declares: what arrives somewhere is checked against what was promised.
/// </summary>
internal sealed class TelemetryRegistry
{
    private readonly Dictionary<string, string> _attributeTypes = [];
    private readonly Dictionary<string, YamlMappingNode> _groups = [];
    private readonly Dictionary<(string Type, string Name), YamlMappingNode> _signals = [];
    private readonly Dictionary<string, string?> _declaredUnits = [];

    public static TelemetryRegistry Read()
    {
        TelemetryRegistry registry = new();
        foreach (YamlMappingNode group in ItemsOfFiles("registry", "groups"))
            registry.Add(group);
        foreach (YamlMappingNode probe in ItemsOfFiles("catalogue", "probes"))
        {
            foreach (YamlMappingNode emitter in ((YamlSequenceNode)probe["emit"]).Cast<YamlMappingNode>())
            {
                if (emitter.Children.Values.First() is YamlMappingNode metric && Text(metric, "name") is { } name)
                    registry._declaredUnits.TryAdd(name, Text(metric, "unit"));
            }
        }

        return registry;
    }

    public IEnumerable<string> Check(MetricPoint point)
    {
        if (_declaredUnits.TryGetValue(point.Name, out string? unit))
            return point.Unit == unit ? Resource(point.Resource) : [$"metric {point.Name} has the unit {point.Unit}, not {unit}"];
        if (!_signals.TryGetValue(("metric", point.Name), out YamlMappingNode? group))
            return [$"metric {point.Name} is not in the registry"];
        string kind = Text(group, "instrument") switch
        {
            "counter" => "monotonic sum",
            "updowncounter" => "sum",
            "gauge" => "gauge",
            "histogram" => "exponentialHistogram",
            string other => other,
            null => "nothing",
        };
        List<string> deviations = [.. Attributes($"metric {point.Name}", group, point.Attributes), .. Resource(point.Resource)];
        string found = point.Monotonic ? "monotonic " + point.Kind : point.Kind;
        if (found != kind)
            deviations.Add($"metric {point.Name} is a {found}, not a {kind}");
        if (point.Unit != Text(group, "unit"))
            deviations.Add($"metric {point.Name} has the unit {point.Unit}, not {Text(group, "unit")}");
        if (point.Kind != "gauge" && point.Temporality != MetricPoint.Cumulative)
            deviations.Add($"metric {point.Name} is not cumulative");
        if (point.Scope.StartsWith("ebpf-receiver", StringComparison.Ordinal) is false)
            deviations.Add($"metric {point.Name} is of scope {point.Scope}");
        return deviations;
    }

    public IEnumerable<string> Check(SpanItem span)
    {
        if (!_signals.TryGetValue(("span", span.Name), out YamlMappingNode? group))
            return [$"span {span.Name} is not in the registry"];
        string? kind = span.Kind switch { 1 => "internal", SpanItem.Server => "server", SpanItem.Client => "client", _ => null };
        IEnumerable<string> deviations = [.. Attributes($"span {span.Name}", group, span.Attributes), .. Resource(span.Resource)];
        return kind == Text(group, "span_kind") ? deviations : deviations.Append($"span {span.Name} is of kind {span.Kind}");
    }

    public IEnumerable<string> Check(LogItem log) => _signals.TryGetValue(("event", log.EventName), out YamlMappingNode? group)
        ? [.. Attributes($"event {log.EventName}", group, log.Attributes), .. Resource(log.Resource)]
        : [$"event {log.EventName} is not in the registry"];

    private void Add(YamlMappingNode group)
    {
        string type = Text(group, "type") ?? "", name = Text(group, type == "metric" ? "metric_name" : "name") ?? "";
        _groups[Text(group, "id") ?? ""] = group;
        _signals[(type, name)] = group;
        foreach (YamlMappingNode attribute in Items(group))
        {
            // Members: the attribute is one of some strings.
            if (Text(attribute, "id") is { } id)
                _attributeTypes[id] = Text(attribute, "type") ?? "string";
        }
    }

    private IEnumerable<string> Attributes(string what, YamlMappingNode group, AttributeSet found)
    {
        HashSet<string> allowed = ["otel.metric.overflow"];
        for (YamlMappingNode? at = group; at is not null; at = Text(at, "extends") is { } parent ? _groups[parent] : null)
        {
            foreach (YamlMappingNode attribute in Items(at))
            {
                string key = Text(attribute, "ref") ?? Text(attribute, "id")!;
                allowed.Add(key);
                // What overflowed into one series has lost the attributes that told series apart.
                if (Text(attribute, "requirement_level") == "required" && !found.ContainsKey(key) && !found.ContainsKey("otel.metric.overflow"))
                    yield return $"{what} is without {key}";
            }
        }

        foreach ((string key, object? value) in found)
        {
            if (!allowed.Contains(key))
                yield return $"{what} has {key}, which the registry does not give it";
            else if (WrongType(key, value) is { } wrong)
                yield return $"{what}: {wrong}";
        }
    }

    private IEnumerable<string> Resource(AttributeSet resource) =>
        resource.Select(pair => _attributeTypes.ContainsKey(pair.Key) ? WrongType(pair.Key, pair.Value) : $"resource attribute {pair.Key} is not in the registry")
            .OfType<string>();

    private string? WrongType(string key, object? value)
    {
        string type = _attributeTypes.GetValueOrDefault(key, "string");
        bool right = type switch
        {
            "int" => value is long,
            "double" => value is double,
            "boolean" => value is bool,
            "string[]" => value is List<object?> list && list.All(item => item is string),
            _ => value is string,
        };
        return right ? null : $"{key} is a {value?.GetType().Name ?? "null"}, not {type}";
    }

    private static IEnumerable<YamlMappingNode> ItemsOfFiles(string folder, string list)
    {
        foreach (string path in Directory.GetFiles(Path.Combine(Repository.Root, "probes", folder), "*.yaml"))
        {
            YamlStream yaml = [];
            using StreamReader reader = new(path);
            yaml.Load(reader);
            if (yaml.Documents.Count == 0 || yaml.Documents[0].RootNode is not YamlMappingNode root || !root.Children.TryGetValue(list, out YamlNode? items))
                continue;
            foreach (YamlMappingNode item in ((YamlSequenceNode)items).Cast<YamlMappingNode>())
                yield return item;
        }
    }

    private static IEnumerable<YamlMappingNode> Items(YamlMappingNode group) =>
        group.Children.TryGetValue("attributes", out YamlNode? attributes) ? ((YamlSequenceNode)attributes).Cast<YamlMappingNode>() : [];

    private static string? Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out YamlNode? value) && value is YamlScalarNode scalar ? scalar.Value : null;
}
