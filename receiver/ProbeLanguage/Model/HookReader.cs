using System.Globalization;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Hooks as they are written: <c>kind:target</c>, alone, in a list of alternatives, as start and end.</summary>
internal static class HookReader
{
    private const int MaxAlternatives = 16;
    private const int MaxHooks = 64;

    public static ProbeEvents? Read(YamlNode node, string key, DiagnosticBag diagnostics)
    {
        if (node is YamlMap map)
        {
            if (FieldReader.Open(map, key, diagnostics, "on", "start", "end") is not { } fields)
                return null;
            foreach (string name in (string[])["start", "end"])
            {
                if (!fields.Has(name))
                    diagnostics.Add(map.Location, key, $"the key {name} is missing; a pair has a start and an end, a single event is a list of hooks");
            }

            if (!fields.Has("start") || !fields.Has("end"))
                return null;
            var start = ReadAlternatives(fields.Node("start")!, fields.PathOf("start"), [], diagnostics);
            var end = ReadAlternatives(fields.Node("end")!, fields.PathOf("end"), start, diagnostics);
            return start.Count > 0 && end.Count > 0 ? new(start, end, map.Location) : null;
        }

        var single = ReadAlternatives(node, key, [], diagnostics);
        return single.Count > 0 ? new([], single, node.Location) : null;
    }

    private static List<HookAlternative> ReadAlternatives(YamlNode node, string key, List<HookAlternative> start, DiagnosticBag diagnostics)
    {
        var result = new List<HookAlternative>();
        IReadOnlyList<YamlNode> items = node is YamlList list ? list.Items : [node];
        if (items.Count == 0)
            diagnostics.Add(node.Location, key, "at least one hook is expected, such as kprobe:vfs_read");
        if (items.Count > MaxAlternatives)
        {
            diagnostics.Add(node.Location, key, $"there are more than {MaxAlternatives} alternatives");
            return result;
        }

        for (int i = 0; i < items.Count; i++)
        {
            string itemKey = node is YamlList ? $"{key}[{i}]" : key;
            var hooks = new List<HookReference>();
            foreach (YamlNode part in items[i] is YamlList inner ? inner.Items : [items[i]])
            {
                if (part is not YamlScalar { IsNull: false } scalar)
                {
                    diagnostics.Add(part.Location, itemKey, part is YamlMap { Entries: [var only, ..] } && HookKinds.TryParse(only.Key, out _)
                        ? $"a hook is one text without a space after the colon: {only.Key}:{(only.Value as YamlScalar)?.Text}"
                        : $"a hook is expected, such as kprobe:vfs_read, not {part.Describe()}");
                    continue;
                }

                int at = 0;
                foreach (string word in scalar.Text.Split(','))
                {
                    int lead = word.Length - word.TrimStart().Length;
                    SourceLocation location = scalar.TextLocation with { Column = scalar.TextLocation.Column + at + lead };
                    at += word.Length + 1;
                    // A bare return takes the functions of the start: of the alternative in the same place, else of all of them.
                    if (TryBareReturn(word.Trim(), location, itemKey, start, items.Count == start.Count ? i : -1, hooks, diagnostics))
                        continue;
                    if (ReadOne(word.Trim(), location, itemKey, diagnostics) is { } hook)
                        hooks.Add(hook);
                }
            }

            if (hooks.Count > MaxHooks)
                diagnostics.Add(items[i].Location, itemKey, $"there are more than {MaxHooks} hooks in one alternative; use a pattern such as kprobe:vfs_*");
            else if (hooks.Count > 0)
                result.Add(new(hooks, items[i].Location));
        }

        return result;
    }

    private static bool TryBareReturn(
        string word, SourceLocation location, string key, List<HookAlternative> start, int same, List<HookReference> hooks, DiagnosticBag diagnostics)
    {
        if (word.Contains(':') || !HookKinds.TryParse(word, out HookKind kind) || !kind.IsReturn())
            return false;
        HookReference[] entries = same >= 0 ? [.. start[same].Hooks] : start.Count > 0 ? [.. start[0].Hooks] : [];
        HookReference[] fitting =
        [
            .. entries.Where(e => kind == HookKind.Uretprobe ? e.Kind == HookKind.Uprobe : e.Kind is HookKind.Kprobe or HookKind.Fentry),
        ];
        if (fitting.Length == 0)
        {
            diagnostics.Add(location, key, start.Count == 0
                ? $"{word} needs its function ({word}:{(kind == HookKind.Uretprobe ? "file:symbol" : "function")}); alone it stands only as an end"
                : $"{word} takes the function of its start, but the start {(entries.Length > 0 ? entries[0].Text : "")} is no function; write {word}:function");
            return true;
        }

        foreach (HookReference entry in fitting)
        {
            string target = entry.Scope.Length > 0 ? $"{entry.Scope}:{entry.Target}" : entry.Target;
            hooks.Add(entry with { Kind = kind, Location = location, Key = key, Offset = 0, Text = $"{HookKinds.NameOf(kind)}:{target}" });
        }

        return true;
    }

    /// <summary>Reads one hook; null, with an error, if it is none.</summary>
    public static HookReference? ReadOne(string text, SourceLocation location, string key, DiagnosticBag diagnostics)
    {
        HookReference? Fail(string message)
        {
            diagnostics.Add(location, key, message);
            return null;
        }

        int colon = text.IndexOf(':');
        string kindName = colon < 0 ? text : text[..colon];
        if (text.Length == 0)
            return Fail("a hook is expected, such as kprobe:vfs_read");
        if (text.Length > 512)
            return Fail("a hook is at most 512 characters long");
        if (kindName == "profile")
            return Fail("profile is reserved until there is a profiler; interval:10ms ticks on one CPU, perf:cpu-clock:10000000 on each of them");
        if (kindName is "BEGIN" or "END" or "begin" or "end")
            return Fail($"{kindName} is bpftrace's; a probe here has no beginning or end of its own");
        if (!HookKinds.TryParse(kindName, out HookKind kind))
        {
            string suggestion = NearestNames.Suggest(kindName, HookKinds.Names);
            return Fail($"\"{kindName}\" is no kind of hook{(suggestion.Length > 0 ? suggestion : $"; there are {string.Join(", ", HookKinds.Names)}")}");
        }

        string rest = colon < 0 ? "" : text[(colon + 1)..];
        var hook = new HookReference { Kind = kind, Location = location, Key = key, Text = $"{HookKinds.NameOf(kind)}:{rest}" };
        if (rest.Length == 0)
            return Fail($"{kindName} needs {Shape(kind)}");
        if (rest.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            return Fail("a hook has no spaces in it; several hooks of one alternative are separated by commas");
        switch (kind)
        {
            case HookKind.Kprobe or HookKind.Kretprobe or HookKind.Fentry or HookKind.Fexit:
                return ReadFunction(hook, rest, Fail);
            case HookKind.TpBtf or HookKind.RawTracepoint:
                // category:name is how the tracepoint is called elsewhere; only the name counts here.
                string name = rest[(rest.LastIndexOf(':') + 1)..];
                return IsName(name) ? hook with { Target = name } : Fail($"\"{name}\" is no name of a tracepoint; expected is {Shape(kind)}");
            case HookKind.Tracepoint:
                int split = rest.IndexOfAny([':', '/']);
                return split > 0 && IsName(rest[..split]) && IsName(rest[(split + 1)..])
                    ? hook with { Scope = rest[..split], Target = rest[(split + 1)..], Text = $"tracepoint:{rest[..split]}:{rest[(split + 1)..]}" }
                    : Fail($"a tracepoint is written with {Shape(kind)}");
            case HookKind.Uprobe or HookKind.Uretprobe:
                return ReadUserFunction(hook, rest, Fail);
            case HookKind.Usdt:
                string[] parts = rest.Split(':');
                return parts.Length is 2 or 3 && parts.All(p => p.Length > 0)
                    ? hook with { Scope = parts[0], Target = string.Join(':', parts[1..]) }
                    : Fail($"a static probe is written with {Shape(kind)}");
            case HookKind.PerfEvent:
                return ReadPerfEvent(hook, rest, Fail);
            default:
                return ReadInterval(hook, rest, Fail);
        }
    }

    private static HookReference? ReadFunction(HookReference hook, string rest, Func<string, HookReference?> fail)
    {
        string[] parts = rest.Split(':');
        string module = parts.Length > 1 ? parts[0] : "";
        string function = parts[^1];
        ulong offset = 0;
        int plus = function.IndexOf('+');
        if (plus > 0)
        {
            if (!TryNumber(function[(plus + 1)..], out offset))
                return fail($"\"{function[(plus + 1)..]}\" is no offset; write kprobe:function+0x10");
            if (hook.Kind != HookKind.Kprobe)
                return fail($"only kprobes and uprobes take an offset; {HookKinds.NameOf(hook.Kind)} is at the function itself");
            function = function[..plus];
        }

        if (parts.Length > 2 || !IsName(function) || (module.Length > 0 && !IsName(module)))
            return fail($"\"{rest}\" is no function; expected is {Shape(hook.Kind)}");
        // vmlinux is what bpftrace calls the kernel itself.
        return hook with { Scope = module == "vmlinux" ? "" : module, Target = function, Offset = offset };
    }

    private static HookReference? ReadUserFunction(HookReference hook, string rest, Func<string, HookReference?> fail)
    {
        // Symbols of C++ and Rust have colons of their own in their readable form; files have none.
        int split = rest.IndexOf(':');
        if (split <= 0 || split == rest.Length - 1)
            return fail($"a function of a program is written with {Shape(hook.Kind)}");
        string file = rest[..split], symbol = rest[(split + 1)..];
        ulong offset = 0;
        int plus = symbol.LastIndexOf('+');
        if (plus > 0 && TryNumber(symbol[(plus + 1)..], out offset))
            symbol = symbol[..plus];
        else if (TryNumber(symbol, out offset) && symbol.StartsWith("0x", StringComparison.Ordinal))
            symbol = "";
        if (offset != 0 && hook.Kind == HookKind.Uretprobe)
            return fail("a uretprobe is at the return of a function and takes no offset");
        return hook with { Scope = file, Target = symbol, Offset = offset };
    }

    private static HookReference? ReadPerfEvent(HookReference hook, string rest, Func<string, HookReference?> fail)
    {
        // bpftrace writes hardware:cycles:N and software:page-faults:N; both words may stand here.
        string[] parts = rest.Split(':');
        if (parts.Length > 1 && parts[0] is "hardware" or "software")
            parts = parts[1..];
        if (parts.Length > 2 || parts[0].Length == 0)
            return fail($"a perf event is written with {Shape(HookKind.PerfEvent)}");
        ulong period = 0;
        if (parts.Length == 2 && (!QuantityReader.TryNumber(parts[1], out decimal number) || (period = (ulong)number) == 0))
            return fail($"\"{parts[1]}\" is no number of events; write perf:{parts[0]}:1000000");
        string name = PerfEventNames.Canonical(parts[0]);
        if (!PerfEventNames.IsKnown(name))
        {
            string suggestion = NearestNames.Suggest(parts[0], PerfEventNames.All);
            return fail($"\"{parts[0]}\" is no perf event{(suggestion.Length > 0 ? suggestion : $"; there are {string.Join(", ", PerfEventNames.All)}")}");
        }

        return hook with { Scope = name, Period = period == 0 ? PerfEventNames.DefaultPeriod(name) : period };
    }

    private static HookReference? ReadInterval(HookReference hook, string rest, Func<string, HookReference?> fail)
    {
        // bpftrace writes interval:s:1 and interval:hz:99.
        string[] parts = rest.Split(':');
        long nanoseconds = 0;
        bool read = parts.Length switch
        {
            1 => QuantityReader.TryTime(rest, out nanoseconds),
            2 when parts[0] == "hz" && TryNumber(parts[1], out ulong hz) && hz is > 0 and <= 100_000 => (nanoseconds = (long)(1_000_000_000 / hz)) > 0,
            2 => QuantityReader.TryTime(parts[1] + parts[0], out nanoseconds),
            _ => false,
        };
        if (!read)
            return fail($"an interval is written with {Shape(HookKind.Interval)}");
        return nanoseconds is >= 100_000 and <= 86_400_000_000_000
            ? hook with { Period = (ulong)nanoseconds }
            : fail("an interval is from 100us to 24h");
    }

    private static bool TryNumber(string text, out ulong value) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static bool IsName(string text) =>
        text.Length is > 0 and <= 128 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '*' or '?' or '-' or '$');

    private static string Shape(HookKind kind) => kind switch
    {
        HookKind.Kprobe or HookKind.Kretprobe or HookKind.Fentry or HookKind.Fexit =>
            $"a function: {HookKinds.NameOf(kind)}:vfs_read, or {HookKinds.NameOf(kind)}:module:function",
        HookKind.TpBtf or HookKind.RawTracepoint => $"a tracepoint without its category: {HookKinds.NameOf(kind)}:sched_switch",
        HookKind.Tracepoint => "its category and name: tracepoint:sched:sched_switch",
        HookKind.Uprobe or HookKind.Uretprobe => $"a file and a symbol: {HookKinds.NameOf(kind)}:libc.so.6:malloc",
        HookKind.Usdt => "a file and a name: usdt:/usr/sbin/postgres:postgresql:query__start, or usdt:file:name",
        HookKind.PerfEvent => "a name and a period: perf:cpu-cycles:1000000",
        _ => "a time: interval:1s",
    };
}
