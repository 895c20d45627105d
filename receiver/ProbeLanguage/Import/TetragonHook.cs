using System.Globalization;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>One hook of a policy to a probe with a log event.</summary>
/// <param name="kind">kprobes, tracepoints or uprobes.</param>
/// <param name="node">The hook.</param>
/// <param name="key">Its key in full.</param>
/// <param name="diagnostics">Takes what is wrong.</param>
internal sealed class TetragonHook(string kind, YamlNode node, string key, DiagnosticBag diagnostics)
{
    private static readonly string[] X64Registers = ["di", "si", "dx", "r10", "r8", "r9"];
    private readonly Dictionary<int, TetragonArgument> _arguments = [];

    public ProbeDefinition? Read(string name)
    {
        int before = diagnostics.Count;
        string[] known = kind switch
        {
            "kprobes" => ["call", "syscall", "return", "returnArg", "returnArgAction", "args", "selectors", "message", "tags"],
            "tracepoints" => ["subsystem", "event", "args", "selectors", "message", "tags"],
            _ => ["path", "symbols", "args", "selectors", "message", "tags"],
        };
        if (FieldReader.Open(node, key, diagnostics, "a hook", known) is not { } fields)
            return null;
        if (fields.Has("returnArgAction") && fields.Text("returnArgAction") is { } action and not "Post")
            fields.Fail("returnArgAction", $"the action {action} is not taken: probes watch and never act; Post is");
        bool isSyscall = fields.Flag("syscall", kind == "kprobes" && (fields.Text("call") ?? "").Contains("sys_", StringComparison.Ordinal) && !fields.Has("syscall"));
        IReadOnlyList<HookAlternative> hooks = Hooks(fields, isSyscall);
        ReadArguments(fields, isSyscall);
        bool hasReturn = fields.Flag("return", false) || fields.Has("returnArg");
        var selectors = new TetragonSelectors(_arguments, diagnostics);
        ExpressionSource? where = fields.Node("selectors") is { } list ? selectors.Read(list, $"{key}.selectors") : null;
        if (diagnostics.Count > before)
            return null;

        var attributes = new List<AttributeDefinition> { Attribute("process.pid", "pid", null, node.Location), Attribute("process.command", "comm", null, node.Location) };
        foreach (TetragonArgument argument in _arguments.Values)
            attributes.AddRange(argument.Attributes.Select(a => Attribute(a.Name, a.Expression, a.Decoder, argument.Location)));
        if (hasReturn)
            attributes.Add(Attribute("return", "retval", null, fields.LocationOf("returnArg")));
        SourceLocation at = node.Location;
        var end = hasReturn ? hooks.Select(h => new HookAlternative([.. h.Hooks.Select(r => r with { Kind = HookKind.Kretprobe })], h.Location)).ToList() : hooks;
        string? message = fields.Text("message");
        return new()
        {
            Name = name,
            Location = at,
            On = hasReturn ? new(hooks, [.. end], at) : new([], hooks, at),
            Where = where,
            Scope = selectors.Scope,
            Emit =
            [
                new LogDefinition
                {
                    Location = at,
                    Key = key,
                    Event = $"tetragon.{name}",
                    Body = message is null ? null : new(message, [new(message)], fields.LocationOf("message"), $"{key}.message"),
                    Attributes = attributes,
                },
            ],
        };
    }

    private AttributeDefinition Attribute(string name, string expression, string? decoder, SourceLocation location) =>
        new(name, new(expression, location, key, ExpressionParser.Parse(expression), IsOneLine: false), decoder is null ? [] : [new(decoder)], location, key);

    private IReadOnlyList<HookAlternative> Hooks(FieldReader fields, bool isSyscall)
    {
        HookReference[] One(string text, SourceLocation location) => HookReader.ReadOne(text, location, key, diagnostics) is { } hook ? [hook] : [];
        switch (kind)
        {
            case "kprobes" when fields.Text("call", required: true) is { } call:
                if (call.StartsWith("list:", StringComparison.Ordinal))
                {
                    fields.Fail("call", $"lists of functions ({call}) are not taken; each has its own call");
                    return [];
                }

                if (!isSyscall)
                    return [new(One($"kprobe:{call}", fields.LocationOf("call")), fields.LocationOf("call"))];
                int prefix = call.IndexOf("sys_", StringComparison.Ordinal);
                // Tetragon takes the call alone as well: openat for sys_openat.
                string name = prefix < 0 ? call : call[(prefix + 4)..];
                return
                [
                    .. ((string[])["__x64_sys_", "__arm64_sys_"]).Select(p => new HookAlternative(One($"kprobe:{p}{name}", fields.LocationOf("call")), fields.LocationOf("call"))),
                ];
            case "tracepoints" when fields.Text("subsystem", required: true) is { } subsystem && fields.Text("event", required: true) is { } target:
                return [new(One($"tracepoint:{subsystem}:{target}", fields.LocationOf("event")), fields.LocationOf("event"))];
            case "uprobes" when fields.Text("path", required: true) is { } path:
                HookReference[] hooks = [.. fields.Texts("symbols").SelectMany(s => One($"uprobe:{path}:{s.Text}", s.Location))];
                if (hooks.Length == 0)
                    diagnostics.Add(node.Location, key, "the key symbols is missing: a list of functions");
                return [new(hooks, node.Location)];
            default:
                return [];
        }
    }

    private void ReadArguments(FieldReader fields, bool isSyscall)
    {
        if (fields.Node("args") is not { } node)
            return;
        if (node is not YamlList list)
        {
            fields.Fail("args", $"a list is expected, not {node.Describe()}");
            return;
        }

        for (int i = 0; i < list.Items.Count; i++)
        {
            string own = $"{key}.args[{i}]";
            if (FieldReader.Open(list.Items[i], own, diagnostics, "an argument", "index", "type", "label") is not { } argument)
                continue;
            if (argument.Integer("index", 0, 31) is not { } index || argument.Text("type", required: true) is not { } type)
            {
                if (!argument.Has("index"))
                    diagnostics.Add(list.Items[i].Location, own, "the key index is missing");
                continue;
            }

            if (kind == "tracepoints")
            {
                diagnostics.Add(argument.LocationOf("index"), $"{own}.index", "arguments of tracepoints by index are not taken, for a record's fields have names; write the probe in YAML, with args.NAME");
                continue;
            }

            string source = isSyscall
                ? string.Create(CultureInfo.InvariantCulture, $"first(as(struct pt_regs, arg0).{X64Registers[Math.Min(index, 5)]}, as(struct pt_regs, arg0).regs[{index}])")
                : string.Create(CultureInfo.InvariantCulture, $"arg{index}");
            string label = argument.Text("label") ?? string.Create(CultureInfo.InvariantCulture, $"arg{index}");
            if (TetragonArgument.Of(type, label, source, isSyscall || kind == "uprobes", argument.LocationOf("type")) is { } read)
                _arguments[index] = read;
            else
                diagnostics.Add(argument.LocationOf("type"), $"{own}.type", $"the type {type} is not taken; there are {string.Join(", ", TetragonArgument.Types)}");
        }
    }
}
