namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>decode</c> and <c>map</c> of an attribute.</summary>
internal static class DecoderReader
{
    private const int MaxSteps = 8;
    private const int MaxEntries = 1024;

    public static IReadOnlyList<DecoderSpec> Read(FieldReader fields)
    {
        var result = new List<DecoderSpec>();
        IReadOnlyDictionary<string, string>? map = fields.Has("map") ? ReadMap(fields.Node("map")!, fields.PathOf("map"), fields.Diagnostics) : null;
        string? otherwise = fields.Text("otherwise");
        if (otherwise is not null && map is null)
            fields.Fail("otherwise", "otherwise is the text for what is not in the map, and there is no map");

        if (fields.Node("decode") is { } node)
        {
            string key = fields.PathOf("decode");
            IReadOnlyList<YamlNode> steps = node is YamlList list ? list.Items : [node];
            if (steps.Count > MaxSteps)
                fields.Diagnostics.Add(node.Location, key, $"at most {MaxSteps} decoders follow one another");
            for (int i = 0; i < steps.Count && i < MaxSteps; i++)
            {
                if (ReadStep(steps[i], node is YamlList ? $"{key}[{i}]" : key, ref map, otherwise, fields.Diagnostics) is { } step)
                    result.Add(step);
            }
        }

        if (map is not null)
            result.Add(new("static_map") { Map = map, Default = otherwise });
        return result;
    }

    /// <summary>Names of decoders, separated by colons or commas, as in a hole of a template; null, with an error, if one is not known.</summary>
    public static IReadOnlyList<DecoderSpec>? ReadNames(string text)
    {
        string[] names = text.Split(':', StringSplitOptions.TrimEntries);
        return names.All(n => n is not ("static_map" or "regexp") && Decoders.Names.Contains(n)) ? [.. names.Select(n => new DecoderSpec(n))] : null;
    }

    private static DecoderSpec? ReadStep(
        YamlNode node, string key, ref IReadOnlyDictionary<string, string>? map, string? otherwise, DiagnosticBag diagnostics)
    {
        if (node is YamlScalar { IsNull: false } scalar)
        {
            if (scalar.Text == "static_map" && map is not null)
            {
                var step = new DecoderSpec("static_map") { Map = map, Default = otherwise };
                map = null;
                return step;
            }

            return Checked(new(scalar.Text), node.Location, key, diagnostics);
        }

        // { regexp: "..." }, { static_map: {..} }; and ebpf_exporter's { name: regexp, regexps: [..] }.
        if (node is YamlMap { Entries: [var only] } && only.Key is "regexp" or "static_map")
        {
            if (only.Key == "static_map")
            {
                return ReadMap(only.Value, $"{key}.static_map", diagnostics) is { } inline
                    ? new DecoderSpec("static_map") { Map = inline, Default = otherwise }
                    : null;
            }

            string[] patterns = only.Value is YamlList many
                ? [.. many.Items.OfType<YamlScalar>().Select(s => s.Text)]
                : only.Value is YamlScalar { IsNull: false } one ? [one.Text] : [];
            return Checked(new("regexp") { Patterns = patterns }, only.Value.Location, $"{key}.regexp", diagnostics);
        }

        if (FieldReader.Open(node, key, diagnostics, "a decoder", "name", "regexps", "static_map", "map") is not { } fields
            || fields.Text("name", required: true) is not { } name)
        {
            return null;
        }

        string mapKey = fields.Has("static_map") ? "static_map" : "map";
        return Checked(
            new(name)
            {
                Patterns = [.. fields.Texts("regexps").Select(s => s.Text)],
                Map = fields.Node(mapKey) is { } values && ReadMap(values, fields.PathOf(mapKey), diagnostics) is { } read
                    ? read
                    : new Dictionary<string, string>(),
                Default = otherwise,
            },
            node.Location, key, diagnostics);
    }

    private static DecoderSpec? Checked(DecoderSpec spec, SourceLocation location, string key, DiagnosticBag diagnostics)
    {
        string? problem = Decoders.Names.Contains(spec.Name)
            ? Decoders.Check(spec)
            : $"\"{spec.Name}\" is no decoder{(NearestNames.Suggest(spec.Name, Decoders.Names) is { Length: > 0 } s ? s : $"; there are {string.Join(", ", Decoders.Names)}")}";
        if (problem is null)
            return spec;
        diagnostics.Add(location, key, problem);
        return null;
    }

    private static Dictionary<string, string>? ReadMap(YamlNode node, string key, DiagnosticBag diagnostics)
    {
        if (node is not YamlMap { Entries.Count: > 0 } map)
        {
            diagnostics.Add(node.Location, key, $"a mapping from values to texts is expected, such as {{0: read, 1: write}}, not {node.Describe()}");
            return null;
        }

        if (map.Entries.Count > MaxEntries)
        {
            diagnostics.Add(node.Location, key, $"the map has more than {MaxEntries} entries");
            return null;
        }

        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (YamlEntry entry in map.Entries)
        {
            if (entry.Value is YamlScalar text)
                result[entry.Key] = text.Text;
            else
                diagnostics.Add(entry.Value.Location, FieldReader.Join(key, entry.Key), $"a text is expected, not {entry.Value.Describe()}");
        }

        return result;
    }
}
