namespace EbpfReceiver.ProbeLanguage;

/// <summary>One probe of a file.</summary>
internal static class ProbeReader
{
    private const int MaxLets = 64;
    private const int MaxKeys = 8;

    // What expressions give a meaning to already.
    private static readonly string[] Reserved =
    [
        "args", "ctx", "retval", "start", "end", "duration", "true", "false", "in", "as", "sizeof", "ns", "struct", "union", "enum",
        .. BuiltinNames.All,
    ];

    public static ProbeDefinition? Read(YamlNode node, string key, DiagnosticBag diagnostics)
    {
        int before = diagnostics.Count;
        if (FieldReader.Open(
                node, key, diagnostics, "a probe", "name", "description", "cost", "look_for", "group", "replaces", "on", "key", "where", "let", "scope",
                "emit", "limits", "rate", "budget", "attach", "missing", "enabled") is not { } fields)
        {
            return null;
        }

        string? name = fields.Text("name", required: true);
        if (name is not null && !IsName(name))
            fields.Fail("name", $"\"{name}\" is no name of a probe: it begins with a letter and is of letters, digits, _ - and ., at most 64");

        ProbeEvents? on = null;
        if (fields.Node("on") is { } events)
            on = HookReader.Read(events, fields.PathOf("on"), diagnostics);
        else
            diagnostics.Add(fields.Location, key, "the key on is missing: the hooks, such as on: [kprobe:vfs_read]");

        IReadOnlyList<EmitterDefinition> emit = [];
        if (fields.Node("emit") is { } emitters)
            emit = EmitterReader.Read(emitters, fields.PathOf("emit"), diagnostics);
        else
            diagnostics.Add(fields.Location, key, "the key emit is missing: what comes out, such as emit: [ counter: { name: my.count } ]");

        (List<ExpressionSource> startKey, List<ExpressionSource> endKey) = ReadKeys(fields);
        var probe = new ProbeDefinition
        {
            Name = name ?? "",
            Location = fields.LocationOf("name"),
            Documentation = new(
                fields.Text("description"), fields.Text("cost"), fields.Text("look_for"), fields.Text("group"),
                [.. fields.Texts("replaces").Select(s => s.Text)]),
            On = on ?? new([], [], node.Location),
            Key = startKey,
            EndKey = endKey,
            Where = fields.Node("where") is { } where ? ReadWhere(where, fields.PathOf("where"), diagnostics) : null,
            Let = ReadLet(fields),
            Scope = ScopeReader.Read(fields),
            Emit = emit,
            Limits = LimitsReader.Read(fields, ofProbe: true),
            Rate = QuantityReader.Rate(fields, "rate"),
            Budget = LimitsReader.ReadBudget(fields),
            Attach = ReadAttach(fields),
            Missing = fields.Word("missing", ("fail", MissingPolicy.Fail), ("warn", MissingPolicy.Warn), ("skip", MissingPolicy.Skip)) ?? MissingPolicy.Warn,
            Enabled = fields.Flag("enabled", true),
        };

        if (on is not null)
            Check(probe, fields);
        return diagnostics.Count > before || on is null || name is null || emit.Count == 0 ? null : probe;
    }

    // where: [a, b] means both.
    private static ExpressionSource? ReadWhere(YamlNode node, string key, DiagnosticBag diagnostics)
    {
        if (node is not YamlList list)
            return ExpressionReader.Read(node, key, diagnostics);
        diagnostics.Add(list.Location, key, "where is one expression; join several with &&");
        return null;
    }

    // key: args.rq, or [args.dev, args.sector]; where start and end call it by different names, { start: args.p.pid, end: args.next.pid }.
    private static (List<ExpressionSource> Start, List<ExpressionSource> End) ReadKeys(FieldReader fields)
    {
        if (fields.Node("key") is not { } node)
            return ([], []);
        string path = fields.PathOf("key");
        if (node is not YamlMap)
            return (ReadKey(node, path, fields.Diagnostics), []);
        if (FieldReader.Open(node, path, fields.Diagnostics, "key", "start", "end") is not { } sides)
            return ([], []);
        if (sides.Node("start") is not { } start || sides.Node("end") is not { } end)
        {
            fields.Fail("key", "both are to be there: key: { start: args.p.pid, end: args.next.pid }");
            return ([], []);
        }

        List<ExpressionSource> first = ReadKey(start, sides.PathOf("start"), fields.Diagnostics);
        List<ExpressionSource> last = ReadKey(end, sides.PathOf("end"), fields.Diagnostics);
        if (first.Count != last.Count)
            fields.Fail("key", $"the key of the start has {first.Count} parts and that of the end {last.Count}; they are to match part by part");
        return (first, last);
    }

    private static List<ExpressionSource> ReadKey(YamlNode node, string path, DiagnosticBag diagnostics)
    {
        var result = new List<ExpressionSource>();
        IReadOnlyList<YamlNode> items = node is YamlList list ? list.Items : [node];
        if (items.Count > MaxKeys)
            diagnostics.Add(node.Location, path, $"a key has at most {MaxKeys} parts");
        for (int i = 0; i < items.Count; i++)
        {
            string key = node is YamlList ? $"{path}[{i}]" : path;
            if (ExpressionReader.Read(items[i], key, diagnostics) is { } part)
                result.Add(part);
        }

        return result;
    }

    private static List<LetDefinition> ReadLet(FieldReader fields)
    {
        var result = new List<LetDefinition>();
        if (fields.Node("let") is not { } node)
            return result;
        if (node is not YamlMap map)
        {
            fields.Fail("let", $"a mapping from names to expressions is expected, not {node.Describe()}");
            return result;
        }

        if (map.Entries.Count > MaxLets)
            fields.Fail("let", $"at most {MaxLets} names are given");
        foreach (YamlEntry entry in map.Entries)
        {
            string key = $"{fields.PathOf("let")}.{entry.Key}";
            if (entry.Key.Length is 0 or > 64 || char.IsAsciiDigit(entry.Key[0]) || !entry.Key.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
                fields.Diagnostics.Add(entry.Location, key, $"\"{entry.Key}\" is no name for an expression: a name is of letters, digits and _");
            else if (Reserved.Contains(entry.Key) || BuiltinNames.IsArgument(entry.Key))
                fields.Diagnostics.Add(entry.Location, key, $"{entry.Key} has a meaning already; take another name");
            if (ExpressionReader.Read(entry.Value, key, fields.Diagnostics) is { } expression)
                result.Add(new(entry.Key, expression, entry.Location));
        }

        return result;
    }

    private static HookKind? ReadAttach(FieldReader fields)
    {
        if (fields.Text("attach") is not { } text || text == "auto")
            return null;
        if (HookKinds.TryParse(text, out HookKind kind))
            return kind;
        fields.Fail("attach", $"a kind of hook or auto is expected, not \"{text}\"{NearestNames.Suggest(text, HookKinds.Names)}");
        return null;
    }

    private static void Check(ProbeDefinition probe, FieldReader fields)
    {
        if (!probe.On.IsPair)
        {
            if (probe.Key.Count > 0)
                fields.Fail("key", "a key pairs a start with its end; this probe has one event, so it needs none");
            foreach (SpanDefinition span in probe.Emit.OfType<SpanDefinition>())
                fields.Diagnostics.Add(span.Location, span.Key, "a span needs a start and an end: on: { start: [...], end: [...] }; for a single event there is log");
        }

        foreach (MetricDefinition metric in probe.Emit.OfType<MetricDefinition>())
        {
            if (MetricConflict.Of(metric, probe.Emit) is { } conflict)
                fields.Diagnostics.Add(metric.Location, metric.Key, conflict);
        }

        if (probe.Attach is { } kind && !probe.On.Start.Concat(probe.On.End).Any(a => a.Hooks.Any(h => h.Kind == kind)))
            fields.Fail("attach", $"no alternative is a {HookKinds.NameOf(kind)}");
    }

    internal static bool IsName(string text) =>
        text.Length is > 0 and <= 64 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
}
