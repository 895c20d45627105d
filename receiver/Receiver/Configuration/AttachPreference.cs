namespace EbpfReceiver.Configuration;

/// <summary>Key <c>probes.attach</c>: which alternatives of a kernel hook are considered. Hooks in programs are always uprobes.</summary>
public enum AttachPreference
{
    /// <summary>The first of each hook's alternatives that really attaches, in the order of this enumeration.</summary>
    Auto,

    /// <summary>Tracepoints with BTF-typed arguments.</summary>
    TpBtf,

    /// <summary>Raw tracepoints.</summary>
    RawTp,

    /// <summary>Classic tracepoints, with the stable format of tracefs.</summary>
    Tracepoint,

    /// <summary>Function entry by BPF trampoline.</summary>
    Fentry,

    /// <summary>kprobes and kretprobes.</summary>
    Kprobe,
}
