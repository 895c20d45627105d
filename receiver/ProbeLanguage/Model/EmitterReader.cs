namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>emit</c>: a list of emitters, each a mapping with its kind as the only key.</summary>
internal static class EmitterReader
{
    private const int MaxEmitters = 32;

    private static readonly string[] Kinds = ["counter", "sum", "updown", "gauge", "histogram", "topk", "span", "log"];
    private static readonly string[] MetricKeys = ["name", "unit", "description", "value", "when", "attributes", "limits"];

    public static IReadOnlyList<EmitterDefinition> Read(YamlNode node, string key, DiagnosticBag diagnostics)
    {
        var result = new List<EmitterDefinition>();
        IReadOnlyList<YamlNode> items = node is YamlList list ? list.Items : [node];
        if (node is YamlScalar || items.Count == 0)
        {
            diagnostics.Add(
                node.Location, key, "a list of emitters is expected, such as \"- counter: { name: my.count }\", "
                + (node is YamlScalar ? $"not {node.Describe()}" : "and this one is empty"));
            return result;
        }

        if (items.Count > MaxEmitters)
            diagnostics.Add(node.Location, key, $"a probe has at most {MaxEmitters} emitters");
        for (int i = 0; i < items.Count && i < MaxEmitters; i++)
        {
            string itemKey = node is YamlList ? $"{key}[{i}]" : key;
            if (items[i] is not YamlMap map || map.Entries.Count == 0)
            {
                diagnostics.Add(items[i].Location, itemKey, $"an emitter is a mapping with its kind as key, such as counter: {{ name: my.count }}, not {items[i].Describe()}");
                continue;
            }

            // "- counter:" with its keys not indented further makes them keys of the same mapping: a common slip.
            if (map.Entries.Count > 1 && map.Entries[0].Value is YamlScalar { IsNull: true } && !Kinds.Contains(map.Entries[1].Key))
            {
                diagnostics.Add(map.Entries[1].Location, itemKey, $"the keys of {map.Entries[0].Key} are to be indented further than {map.Entries[0].Key} itself");
                continue;
            }

            foreach (YamlEntry entry in map.Entries)
            {
                if (ReadOne(entry, FieldReader.Join(itemKey, entry.Key), diagnostics) is { } emitter)
                    result.Add(emitter);
            }
        }

        return result;
    }

    private static EmitterDefinition? ReadOne(YamlEntry entry, string key, DiagnosticBag diagnostics)
    {
        // gauge(max) and histogram(linear) are the forms in which they are spoken of.
        string kind = entry.Key, variant = "";
        int bracket = kind.IndexOf('(');
        if (bracket > 0 && kind.EndsWith(')'))
            (kind, variant) = (kind[..bracket], kind[(bracket + 1)..^1]);
        if (kind == "profile")
        {
            diagnostics.Add(entry.Location, key, "profile is reserved until there is a profiler");
            return null;
        }

        if (!Kinds.Contains(kind))
        {
            string suggestion = NearestNames.Suggest(kind, Kinds);
            diagnostics.Add(entry.Location, key, $"\"{kind}\" is no kind of emitter{(suggestion.Length > 0 ? suggestion : $"; there are {string.Join(", ", Kinds)}")}");
            return null;
        }

        // "counter: my.count" is short for the name alone.
        YamlNode value = entry.Value is YamlScalar { IsNull: false } name && kind is "counter"
            ? new YamlMap(name.Location, [new("name", name.Location, name)])
            : entry.Value;
        string[] known = kind switch
        {
            "span" => ["name", "kind", "when", "rate", "error", "attributes"],
            "log" => ["event", "severity", "body", "when", "rate", "attributes"],
            "gauge" => [.. MetricKeys, "mode"],
            "histogram" => [.. MetricKeys, "scale", "buckets", "linear"],
            "topk" => [.. MetricKeys, "k"],
            _ => MetricKeys,
        };
        if (FieldReader.Open(value, key, diagnostics, kind, known) is not { } fields)
            return null;

        ExpressionSource? when = fields.Node("when") is { } test ? ExpressionReader.Read(test, fields.PathOf("when"), diagnostics) : null;
        IReadOnlyList<AttributeDefinition> attributes = AttributeReader.Read(fields);
        EmitterDefinition? emitter = kind switch
        {
            "span" => ReadSpan(fields),
            "log" => ReadLog(fields),
            _ => ReadMetric(kind, variant, fields),
        };
        return emitter is null ? null : emitter with { When = when, Attributes = attributes };
    }

    private static SpanDefinition? ReadSpan(FieldReader fields)
    {
        if (!fields.Has("name"))
            fields.Diagnostics.Add(fields.Location, fields.Key, "the key name is missing");
        TextTemplate? name = TemplateReader.Read(fields, "name");
        var kind = fields.Word("kind", ("internal", SpanDefinitionKind.Internal), ("client", SpanDefinitionKind.Client),
            ("server", SpanDefinitionKind.Server), ("producer", SpanDefinitionKind.Producer), ("consumer", SpanDefinitionKind.Consumer));
        ExpressionSource? error = fields.Node("error") is { } node ? ExpressionReader.Read(node, fields.PathOf("error"), fields.Diagnostics) : null;
        EventRate? rate = QuantityReader.Rate(fields, "rate");
        return name is null
            ? null
            : new() { Location = fields.Location, Key = fields.Key, Name = name, Kind = kind ?? default, Error = error, Rate = rate };
    }

    private static LogDefinition ReadLog(FieldReader fields)
    {
        if (!fields.Has("event") && !fields.Has("body"))
            fields.Diagnostics.Add(fields.Location, fields.Key, "a log has an event (its name), a body (its text), or both");
        string name = fields.Text("event") ?? "";
        if (name.Length > 0 && !IsName(name))
            fields.Fail("event", $"\"{name}\" is no name of an event; a name is of letters, digits, _ . - and /, as linux.oom.kill");
        var severity = fields.Word("severity", ("TRACE", LogSeverity.Trace), ("DEBUG", LogSeverity.Debug), ("INFO", LogSeverity.Info),
            ("WARN", LogSeverity.Warn), ("WARNING", LogSeverity.Warn), ("ERROR", LogSeverity.Error), ("FATAL", LogSeverity.Fatal));
        return new()
        {
            Location = fields.Location,
            Key = fields.Key,
            Event = name,
            Severity = severity ?? LogSeverity.Info,
            Body = TemplateReader.Read(fields, "body"),
            Rate = QuantityReader.Rate(fields, "rate"),
        };
    }

    private static MetricDefinition? ReadMetric(string kind, string variant, FieldReader fields)
    {
        string? name = fields.Text("name", required: true);
        if (name is not null && !IsName(name))
            fields.Fail("name", $"\"{name}\" is no name of a metric: it begins with a letter and is of letters, digits, _ . - and /, at most 255");
        ExpressionSource? value = fields.Node("value") is { } node ? ExpressionReader.Read(node, fields.PathOf("value"), fields.Diagnostics) : null;
        if (!fields.Has("value") && kind is "sum" or "updown" or "gauge" or "histogram")
            fields.Diagnostics.Add(fields.Location, fields.Key, $"the key value is missing: what is {(kind is "sum" or "updown" ? "added up" : "recorded")}");
        var location = fields.Location;
        string key = fields.Key;
        MetricDefinition? metric = kind switch
        {
            "counter" => new CounterDefinition { Location = location, Key = key, Name = name ?? "" },
            "sum" => new SumDefinition { Location = location, Key = key, Name = name ?? "" },
            "updown" => new UpDownDefinition { Location = location, Key = key, Name = name ?? "" },
            "gauge" => new GaugeDefinition { Location = location, Key = key, Name = name ?? "", Mode = ReadMode(fields, variant) },
            "topk" => new TopKDefinition { Location = location, Key = key, Name = name ?? "", Count = fields.Integer("k", 1, 1000) ?? 10 },
            _ when BucketReader.Read(fields, variant) is { } buckets
                => new HistogramDefinition { Location = location, Key = key, Name = name ?? "", Buckets = buckets },
            _ => null,
        };
        return metric is null ? null : metric with
        {
            Unit = fields.Text("unit") ?? "",
            Description = fields.Text("description"),
            Value = value,
            Limits = LimitsReader.Read(fields, ofProbe: false),
        };
    }

    private static GaugeMode ReadMode(FieldReader fields, string variant)
    {
        var written = fields.Word("mode", ("last", GaugeMode.Last), ("min", GaugeMode.Minimum), ("max", GaugeMode.Maximum));
        GaugeMode? spoken = variant switch { "" => null, "last" => GaugeMode.Last, "min" => GaugeMode.Minimum, "max" => GaugeMode.Maximum, _ => (GaugeMode)99 };
        if (spoken is (GaugeMode)99)
            fields.Diagnostics.Add(fields.Location, fields.Key, $"a gauge keeps the last, min or max, not \"{variant}\"");
        return written ?? (spoken is { } mode and not (GaugeMode)99 ? mode : GaugeMode.Last);
    }

    internal static bool IsName(string text) =>
        text.Length is > 0 and <= 255 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '/');
}
