namespace EbpfReceiver.ProbeLanguage;

/// <summary>How kinds of hooks are written.</summary>
public static class HookKinds
{
    private static readonly Dictionary<string, HookKind> ByName = new(StringComparer.Ordinal)
    {
        ["kprobe"] = HookKind.Kprobe,
        ["kretprobe"] = HookKind.Kretprobe,
        ["fentry"] = HookKind.Fentry,
        ["fexit"] = HookKind.Fexit,
        ["tp_btf"] = HookKind.TpBtf,
        ["raw_tp"] = HookKind.RawTracepoint,
        ["tracepoint"] = HookKind.Tracepoint,
        ["uprobe"] = HookKind.Uprobe,
        ["uretprobe"] = HookKind.Uretprobe,
        ["usdt"] = HookKind.Usdt,
        ["perf"] = HookKind.PerfEvent,
        ["interval"] = HookKind.Interval,
    };

    // What other tools call them.
    private static readonly Dictionary<string, HookKind> Aliases = new(StringComparer.Ordinal)
    {
        ["rawtracepoint"] = HookKind.RawTracepoint,
        ["raw_tracepoint"] = HookKind.RawTracepoint,
        ["kfunc"] = HookKind.Fentry,
        ["kretfunc"] = HookKind.Fexit,
        ["tp"] = HookKind.Tracepoint,
    };

    /// <summary>The names, as they are documented.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>The kind of a name, by its own name or by that of another tool.</summary>
    public static bool TryParse(string name, out HookKind kind) => ByName.TryGetValue(name, out kind) || Aliases.TryGetValue(name, out kind);

    /// <summary>The name of a kind, as it is written.</summary>
    public static string NameOf(HookKind kind) => kind switch
    {
        HookKind.Kprobe => "kprobe",
        HookKind.Kretprobe => "kretprobe",
        HookKind.Fentry => "fentry",
        HookKind.Fexit => "fexit",
        HookKind.TpBtf => "tp_btf",
        HookKind.RawTracepoint => "raw_tp",
        HookKind.Tracepoint => "tracepoint",
        HookKind.Uprobe => "uprobe",
        HookKind.Uretprobe => "uretprobe",
        HookKind.Usdt => "usdt",
        HookKind.PerfEvent => "perf",
        _ => "interval",
    };

    /// <summary>Whether it is at the return of a function.</summary>
    public static bool IsReturn(this HookKind kind) => kind is HookKind.Kretprobe or HookKind.Fexit or HookKind.Uretprobe;

    /// <summary>Whether it is in programs and not in the kernel.</summary>
    public static bool IsUser(this HookKind kind) => kind is HookKind.Uprobe or HookKind.Uretprobe or HookKind.Usdt;
}
