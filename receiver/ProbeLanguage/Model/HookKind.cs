namespace EbpfReceiver.ProbeLanguage;

/// <summary>Kinds of hooks.</summary>
public enum HookKind
{
    /// <summary>The entry of a kernel function, by a breakpoint: <c>kprobe:function</c>.</summary>
    Kprobe,

    /// <summary>The return of a kernel function: <c>kretprobe:function</c>.</summary>
    Kretprobe,

    /// <summary>The entry of a kernel function, by a trampoline: <c>fentry:function</c>.</summary>
    Fentry,

    /// <summary>The return of a kernel function, by a trampoline; it has arguments and result: <c>fexit:function</c>.</summary>
    Fexit,

    /// <summary>A tracepoint with typed, trusted arguments: <c>tp_btf:event</c>.</summary>
    TpBtf,

    /// <summary>A tracepoint with the same arguments, not trusted: <c>raw_tp:event</c>.</summary>
    RawTracepoint,

    /// <summary>A tracepoint with the record that perf sees: <c>tracepoint:category:event</c>.</summary>
    Tracepoint,

    /// <summary>A function of a program or library: <c>uprobe:file:symbol</c>.</summary>
    Uprobe,

    /// <summary>The return of one: <c>uretprobe:file:symbol</c>.</summary>
    Uretprobe,

    /// <summary>A static probe of a program or library: <c>usdt:file:provider:name</c>.</summary>
    Usdt,

    /// <summary>A counter of the processor or kernel that overflows: <c>perf:cpu-cycles:1000000</c>.</summary>
    PerfEvent,

    /// <summary>A clock that ticks on one CPU: <c>interval:1s</c>.</summary>
    Interval,
}
