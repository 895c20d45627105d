using System.Globalization;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Selectors of a hook as one condition: of several one must hold, of one selector all parts.</summary>
/// <param name="arguments">The arguments by index.</param>
/// <param name="diagnostics">Takes what is wrong.</param>
internal sealed class TetragonSelectors(IReadOnlyDictionary<int, TetragonArgument> arguments, DiagnosticBag diagnostics)
{
    private const int MaxSelectors = 8;
    private const int MaxValues = 64;

    /// <summary>What became a scope: the executables.</summary>
    public ScopeDefinition? Scope { get; private set; }

    public ExpressionSource? Read(YamlNode node, string key)
    {
        if (node is not YamlList { Items: var items })
        {
            diagnostics.Add(node.Location, key, $"a list is expected, not {node.Describe()}");
            return null;
        }

        if (items.Count > MaxSelectors)
            diagnostics.Add(node.Location, key, $"at most {MaxSelectors} selectors are taken");
        var all = new List<string>();
        for (int i = 0; i < Math.Min(items.Count, MaxSelectors); i++)
        {
            if (ReadOne(items[i], $"{key}[{i}]", items.Count) is { Count: > 0 } parts)
                all.Add($"({string.Join(" && ", parts)})");
        }

        // A selector without conditions lets everything through.
        if (all.Count == 0 || all.Count < items.Count)
            return null;
        string text = string.Join(" || ", all);
        return ExpressionReader.Parse(text, node.Location, key, diagnostics, isOneLine: false);
    }

    private List<string>? ReadOne(YamlNode node, string key, int count)
    {
        if (FieldReader.Open(
                node, key, diagnostics, "a selector", "matchArgs", "matchPIDs", "matchBinaries", "matchNamespaces", "matchActions", "matchReturnArgs",
                "matchCapabilities", "matchNamespaceChanges", "matchReturnActions") is not { } fields)
        {
            return null;
        }

        foreach (string refused in (string[])["matchReturnArgs", "matchCapabilities", "matchNamespaceChanges", "matchReturnActions"])
        {
            if (fields.Has(refused))
                fields.Fail(refused, $"{refused} is not taken");
        }

        var parts = new List<string>();
        foreach ((string name, Func<FieldReader, string?> read, string[] known) in Parts())
        {
            if (fields.Node(name) is not { } list)
                continue;
            IReadOnlyList<YamlNode> entries = list is YamlList many ? many.Items : [list];
            for (int i = 0; i < entries.Count; i++)
            {
                if (FieldReader.Open(entries[i], $"{key}.{name}[{i}]", diagnostics, name, known) is { } entry && read(entry) is { } part)
                    parts.Add(part);
            }
        }

        ReadBinaries(fields, count);
        ReadActions(fields);
        return parts;
    }

    private (string, Func<FieldReader, string?>, string[])[] Parts() =>
    [
        ("matchArgs", ReadArgument, ["index", "operator", "values"]),
        ("matchPIDs", ReadPid, ["operator", "values", "followForks", "isNamespacePID"]),
        ("matchNamespaces", ReadNamespace, ["namespace", "operator", "values"]),
    ];

    private string? ReadArgument(FieldReader entry)
    {
        if (entry.Integer("index", 0, 31) is not { } index || entry.Text("operator", required: true) is not { } op)
            return null;
        if (!arguments.TryGetValue(index, out TetragonArgument? argument))
        {
            entry.Fail("index", $"args has no argument with index {index}");
            return null;
        }

        string[] values = Values(entry);
        bool negated = op.StartsWith("Not", StringComparison.Ordinal);
        string plain = negated ? op[3..] : op;
        if (argument.Type is "sock" or "skb" && plain is not ("SAddr" or "DAddr" or "SPort" or "DPort" or "Protocol" or "Family" or "State"))
        {
            entry.Fail("operator", $"{op} is not taken for a {argument.Type}; there are SAddr, DAddr, SPort, DPort, Protocol and Family");
            return null;
        }

        if (argument.Type is "file" or "path" && values.Any(v => v.Contains('/')))
        {
            entry.Fail("values", "of a file its name is compared, without a path: paths are not put together in the kernel here");
            return null;
        }

        string joined = string.Join(", ", values.Select(v => argument.IsText ? Quoted(v) : v));
        string sock = $"as(struct sock, {argument.Source})";
        string? test = plain switch
        {
            "Equal" or "In" or "InMap" when argument.Value is { } value => $"in({value}, {joined})",
            "Prefix" when argument is { IsText: true, Value: { } value } => $"({string.Join(" || ", values.Select(v => $"startswith({value}, {Quoted(v)})"))})",
            "Postfix" when argument is { IsText: true, Value: { } value } => $"({string.Join(" || ", values.Select(v => $"endswith({value}, {Quoted(v)})"))})",
            "Mask" when argument is { IsText: false, Value: { } value } => $"({string.Join(" || ", values.Select(v => $"({value} & {v}) != 0"))})",
            "GT" or "GreaterThan" when argument is { IsText: false, Value: { } value } && values.Length == 1 => $"{value} > {values[0]}",
            "LT" or "LessThan" when argument is { IsText: false, Value: { } value } && values.Length == 1 => $"{value} < {values[0]}",
            "SAddr" => $"in({sock}.sk_rcv_saddr, {string.Join(", ", values.Select(Quoted))})",
            "DAddr" => $"in({sock}.sk_daddr, {string.Join(", ", values.Select(Quoted))})",
            "SPort" => $"in({sock}.sk_num, {joined})",
            "DPort" => $"in(ntohs({sock}.sk_dport), {joined})",
            "Protocol" => $"in({sock}.sk_protocol, {joined})",
            "Family" => $"in({sock}.sk_family, {joined})",
            _ => null,
        };
        if (test is null)
        {
            entry.Fail("operator", $"the operator {op} is not taken for a {argument.Type}; there are Equal, In, Prefix, Postfix, Mask, GT, LT, and the same with Not before them");
            return null;
        }

        return negated ? $"!{(test.StartsWith('(') ? test : $"({test})")}" : test;
    }

    private string? ReadPid(FieldReader entry)
    {
        foreach (string flag in (string[])["followForks", "isNamespacePID"])
        {
            if (entry.Flag(flag, false))
                entry.Fail(flag, $"{flag} is not taken");
        }

        return entry.Text("operator", required: true) is { } op ? Membership(entry, "pid", op) : null;
    }

    private string? ReadNamespace(FieldReader entry)
    {
        if (entry.Text("namespace", required: true) is not { } name || entry.Text("operator", required: true) is not { } op)
            return null;
        string field = name.ToLowerInvariant();
        if (field is "mnt" or "pid" or "net" or "uts" or "ipc" or "user" or "cgroup")
            return Membership(entry, $"ns.{field}", op);
        entry.Fail("namespace", $"the namespace {name} is not taken; there are Mnt, Pid, Net, Uts, Ipc, User and Cgroup");
        return null;
    }

    private static string? Membership(FieldReader entry, string value, string op)
    {
        string[] values = Values(entry);
        foreach (string text in values)
        {
            if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                entry.Fail("values", $"numbers are expected, not \"{text}\"");
                return null;
            }
        }

        switch (op)
        {
            case "In" or "Equal":
                return $"in({value}, {string.Join(", ", values)})";
            case "NotIn" or "NotEqual":
                return $"!in({value}, {string.Join(", ", values)})";
            default:
                entry.Fail("operator", $"In or NotIn is expected, not {op}");
                return null;
        }
    }

    private void ReadBinaries(FieldReader selector, int count)
    {
        if (selector.Node("matchBinaries") is not { } node)
            return;
        IReadOnlyList<YamlNode> entries = node is YamlList list ? list.Items : [node];
        foreach (YamlNode item in entries)
        {
            if (FieldReader.Open(item, selector.PathOf("matchBinaries"), diagnostics, "matchBinaries", "operator", "values", "followChildren") is not { } entry)
                continue;
            string? op = entry.Text("operator", required: true);
            if (op is not "In")
                entry.Fail("operator", $"matchBinaries is taken with In only, not {op}");
            else if (count > 1 || entries.Count > 1)
                entry.Fail("operator", "matchBinaries is taken in the only selector of a hook, once");
            else if (entry.Flag("followChildren", false))
                entry.Fail("followChildren", "followChildren is not taken");
            else
                Scope = new() { Location = node.Location, Key = selector.PathOf("matchBinaries"), Binaries = Values(entry) };
        }
    }

    private void ReadActions(FieldReader selector)
    {
        if (selector.Node("matchActions") is not YamlList actions)
            return;
        foreach (YamlNode item in actions.Items)
        {
            string? action = (item as YamlMap)?.Find("action")?.Value is YamlScalar scalar ? scalar.Text : null;
            if (action != "Post")
                diagnostics.Add(item.Location, selector.PathOf("matchActions"), $"the action {action} is not taken: probes watch and never act; Post is");
            foreach (YamlEntry entry in (item as YamlMap)?.Entries ?? [])
            {
                if (entry.Key != "action")
                    diagnostics.Add(entry.Location, selector.PathOf("matchActions"), $"{entry.Key} of an action is not taken");
            }
        }
    }

    private static string[] Values(FieldReader entry)
    {
        string[] values = [.. entry.Texts("values").Select(v => v.Text)];
        if (values.Length is 0 or > MaxValues)
            entry.Fail("values", $"1 to {MaxValues} values are expected");
        return values;
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\r", "\\r").Replace("\0", "\\0")}\"";
}
