using System.Text.RegularExpressions;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Finds hooks on a machine: their prototypes, formats and files; a pattern becomes the hooks that it matches.</summary>
internal static class HookResolver
{
    private const int MaxExpanded = 64;

    /// <summary>
    /// The ways to attach what one alternative names: usually one; a pattern of kernel functions has one program for all of them, and where
    /// they are few a program for each besides. A kernel that can't attach one to all (before 5.18, or without CONFIG_FPROBE) gets the latter
    /// alone: func is a text there and an address else, and all alternatives of a probe give an attribute the same type.
    /// </summary>
    /// <exception cref="HookMissingException">The machine has not got it.</exception>
    public static IReadOnlyList<IReadOnlyList<HookContext>> Resolve(HookAlternative alternative, ProbeTarget target)
    {
        var main = new List<HookContext>();
        List<HookContext>? each = null;
        foreach (HookReference hook in alternative.Hooks)
        {
            if (!hook.IsPattern)
            {
                HookContext context = ResolveOne(hook, target);
                main.Add(context);
                each?.Add(context);
                continue;
            }

            switch (hook.Kind)
            {
                case HookKind.Kprobe or HookKind.Kretprobe:
                    IReadOnlyList<string> functions = Matching(hook, target.Names.Functions, "function");
                    each ??= [.. main];
                    main.Add(new FunctionContext(hook, target, null, isMulti: true));
                    if (functions.Count <= MaxExpanded)
                        each.AddRange(functions.Select(f => ResolveOne(Named(hook, f), target)));
                    break;
                case HookKind.Uprobe or HookKind.Uretprobe:
                    ResolveOne(hook, target);
                    main.Add(new UserFunctionContext(hook, target));
                    // One program for all does not know where it is; where that is asked, and they are few, each has its own.
                    if (target.FindFile(hook.Scope) is { } file && target.Symbols(file, hook.Target) is { Count: > 0 and <= MaxExpanded } symbols)
                        (each ??= [.. main.SkipLast(1)]).AddRange(symbols.Select(s => ResolveOne(Named(hook, s), target)));
                    else
                        each?.Add(main[^1]);
                    break;
                case HookKind.Usdt:
                    throw new HookMissingException(hook, "static probes are named one by one, without * and ?");
                case HookKind.Tracepoint when hook is { Scope: "syscalls", Target: "sys_enter_*" or "sys_exit_*" }:
                    // All system calls at once is what raw_syscalls is for.
                    HookReference raw = hook with { Scope = "raw_syscalls", Target = hook.Target[..^2] };
                    main.Add(new RecordContext(raw, target, Fields(raw, target)) { Family = $"tracepoint:syscalls:{hook.Target[..^1]}" });
                    break;
                case HookKind.Tracepoint:
                    IReadOnlyList<string> records = target.Tracepoints(hook.Scope, hook.Target)
                        ?? throw new HookMissingException(hook, "tracepoints can't be listed here (tracefs can't be read), so a pattern can't be matched");
                    main.AddRange(Bounded(hook, records, "tracepoint").Select(r => ResolveOne(Named(hook, r), target)));
                    break;
                case HookKind.TpBtf or HookKind.RawTracepoint:
                    main.AddRange(Bounded(hook, Matching(hook, target.Names.Tracepoints, "tracepoint"), "tracepoint").Select(t => ResolveOne(Named(hook, t), target)));
                    break;
                default:
                    main.AddRange(Bounded(hook, Matching(hook, target.Names.Functions, "function"), "function").Select(f => ResolveOne(Named(hook, f), target)));
                    break;
            }
        }

        if (each is not { Count: > 0 } || each.Count <= main.Count - 1)
            return [main];
        bool takesAll = target.Types is null || !alternative.Hooks.Any(h => h is { IsPattern: true, Kind: HookKind.Kprobe or HookKind.Kretprobe }) || target.Names.FindFunction("register_fprobe_ips") is not null;
        return takesAll ? [main, each] : [each];
    }

    private static HookContext ResolveOne(HookReference hook, ProbeTarget target)
    {
        switch (hook.Kind)
        {
            case HookKind.Kprobe or HookKind.Kretprobe:
                TypeRef? prototype = target.Names.FindFunction(hook.Target, hook.Scope);
                if (prototype is null && target.HasFunction(hook.Target) is false)
                    throw new HookMissingException(hook, MissingFunction(hook, target));
                if (prototype is null && target.HasFunction(hook.Target) is null && target.Types is not null)
                    throw new HookMissingException(hook, MissingFunction(hook, target));
                return new FunctionContext(hook, target, prototype);
            case HookKind.Fentry or HookKind.Fexit:
                if (target.Types is null)
                    throw new HookMissingException(hook, $"{HookKinds.NameOf(hook.Kind)} needs the kernel's types, which {target.Description} does not show (CONFIG_DEBUG_INFO_BTF)");
                if (target.Names.FindFunction(hook.Target, hook.Scope) is not { } function)
                    throw new HookMissingException(hook, MissingFunction(hook, target));
                return new FunctionContext(hook, target, function);
            case HookKind.TpBtf or HookKind.RawTracepoint:
                return ResolveRawTracepoint(hook, target);
            case HookKind.Tracepoint:
                return new RecordContext(hook, target, Fields(hook, target));
            case HookKind.Uprobe or HookKind.Uretprobe:
                return ResolveUserFunction(hook, target);
            case HookKind.Usdt:
                return ResolveStaticProbe(hook, target);
            default:
                return new ClockContext(hook, target);
        }
    }

    private static RawTracepointContext ResolveRawTracepoint(HookReference hook, ProbeTarget target)
    {
        if (target.Types is null)
        {
            return hook.Kind == HookKind.RawTracepoint
                ? new RawTracepointContext(hook, target, null, null)
                : throw new HookMissingException(hook, $"tp_btf needs the kernel's types, which {target.Description} does not show (CONFIG_DEBUG_INFO_BTF)");
        }

        if (target.Names.FindTracepoint(hook.Target) is not { } prototype)
        {
            throw new HookMissingException(
                hook, $"{target.Description} has no tracepoint {hook.Target}{NearestNames.SuggestAmongMany(hook.Target, target.Names.Tracepoints)}");
        }

        // Function types carry no names of parameters; the function that fills the record, or since 6.x the one that calls probes, does.
        IReadOnlyList<string>? names = null;
        foreach (string function in (string[])[$"trace_event_raw_event_{hook.Target}", $"__traceiter_{hook.Target}", $"perf_trace_{hook.Target}", $"__bpf_trace_{hook.Target}"])
        {
            if (target.Names.FindFunction(function) is not { } found || found.Types[found.Id].Count != prototype.Types[prototype.Id].Count)
                continue;
            BtfType type = found.Types[found.Id];
            names = [.. Enumerable.Range(0, type.Count).Select(i => type.Parameter(i).Name)];
            if (names.Skip(1).Any(n => n.Length > 0))
                break;
        }

        return new(hook, target, prototype, names);
    }

    private static IReadOnlyList<TracepointField> Fields(HookReference hook, ProbeTarget target)
    {
        if (target.TracepointFormat(hook.Scope, hook.Target) is { } text && TracepointFormatReader.Read(text) is { Count: > 0 } fields)
            return fields;
        // The kernel's types know names and no categories; where the list can be read, it says whether there is the pair.
        string name = $"{hook.Scope}:{hook.Target}";
        IReadOnlyList<string>? known = target.Tracepoints("*", "*");
        if ((known is null || known.Contains(name)) && RecordTypes.Find(hook, target) is { } record)
            return record;
        if (known is null)
            throw new HookMissingException(hook, $"the format of {name} can't be read: tracefs can't be, and the kernel's types do not describe it");
        string suggestion = known.FirstOrDefault(k => k.EndsWith(":" + hook.Target, StringComparison.Ordinal)) is { } elsewhere
            ? $"; did you mean tracepoint:{elsewhere}?"
            : NearestNames.SuggestAmongMany(name, known);
        throw new HookMissingException(hook, $"{target.Description} has no tracepoint {name}{suggestion}");
    }

    private static UserFunctionContext ResolveUserFunction(HookReference hook, ProbeTarget target)
    {
        string? file = target.FindFile(hook.Scope);
        if (file is null && hook.Scope.StartsWith('/'))
            throw new HookMissingException(hook, $"there is no file {hook.Scope}");

        // A library that is not here may come with a container later; its symbols are looked up then.
        if (file is null || hook.Target.Length == 0 || hook.IsPattern || target.HasSymbol(file, hook.Target) is not false)
            return new(hook, target);
        (string problem, IReadOnlyList<string> similar) = target.MissingSymbol(file, hook.Target);
        throw new HookMissingException(hook, problem + NearestNames.SuggestAmongMany(hook.Target, similar));
    }

    private static StaticProbeContext ResolveStaticProbe(HookReference hook, ProbeTarget target)
    {
        if (target.FindFile(hook.Scope) is not { } file)
            throw new HookMissingException(hook, $"there is no file {hook.Scope}, whose notes say where the arguments are");
        string[] parts = hook.Target.Split(':');
        try
        {
            IReadOnlyList<UsdtSite> all = target.StaticProbes(file);
            UsdtSite[] sites = [.. all.Where(s => s.Name == parts[^1] && (parts.Length == 1 || s.Provider == parts[0]))];
            if (sites.Length > 0)
                return new(hook, target, sites);
            string[] known = [.. all.Select(s => $"{s.Provider}:{s.Name}").Distinct()];
            string suggestion = NearestNames.Suggest(hook.Target, known);
            throw new HookMissingException(hook, known.Length == 0
                ? $"{file} has no static probes"
                : $"{file} has no static probe {hook.Target}{(suggestion.Length > 0 ? suggestion : $"; it has {string.Join(", ", known.Take(20))}{(known.Length > 20 ? ", ..." : "")}")}");
        }
        catch (BpfException e)
        {
            throw new HookMissingException(hook, e.Message);
        }
    }

    private static string MissingFunction(HookReference hook, ProbeTarget target)
    {
        string where = hook.Scope.Length > 0 ? $"the module {hook.Scope}" : target.Description;
        string suggestion = NearestNames.SuggestAmongMany(hook.Target, target.Names.Functions);
        return $"{where} has no function {hook.Target}{(suggestion.Length > 0 ? suggestion : " (it may be inlined or renamed)")}";
    }

    private static HookReference Named(HookReference hook, string name)
    {
        int colon = name.IndexOf(':');
        return colon < 0
            ? hook with { Target = name, Text = $"{HookKinds.NameOf(hook.Kind)}:{(hook.Kind is HookKind.Uprobe or HookKind.Uretprobe ? hook.Scope + ":" : "")}{name}" }
            : hook with { Scope = name[..colon], Target = name[(colon + 1)..], Text = $"{HookKinds.NameOf(hook.Kind)}:{name}" };
    }

    private static IReadOnlyList<string> Matching(HookReference hook, IEnumerable<string> names, string what)
    {
        string[] found = [.. names.Where(Matcher(hook.Target)).Order(StringComparer.Ordinal)];
        return found.Length > 0 ? found : throw new HookMissingException(hook, $"no {what} matches {hook.Target}");
    }

    private static IReadOnlyList<string> Bounded(HookReference hook, IReadOnlyList<string> names, string what) => names.Count switch
    {
        0 => throw new HookMissingException(hook, $"no {what} matches {hook.Target}"),
        > MaxExpanded => throw new HookMissingException(hook, $"{names.Count} {what}s match {hook.Target}, and at most {MaxExpanded} are attached one by one; {Advice(hook)}"),
        _ => names,
    };

    private static string Advice(HookReference hook) => hook switch
    {
        { Kind: HookKind.Fentry or HookKind.Fexit } => "kprobe and kretprobe take any number at once",
        { Scope: "syscalls" } => "tracepoint:raw_syscalls:sys_enter and sys_exit see all system calls, args.id says which",
        _ => "a narrower pattern is needed",
    };

    internal static Func<string, bool> Matcher(string pattern)
    {
        var regex = new Regex($"^{Regex.Escape(pattern).Replace("\\*", ".*").Replace("\\?", ".")}$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        return regex.IsMatch;
    }
}
