namespace EbpfReceiver.Bpf;

/// <summary>How the event of a kprobe is made.</summary>
public enum KprobeMethod
{
    /// <summary>By perf_kprobe where the kernel has it and it can do what is asked for, else by tracefs.</summary>
    Automatic,

    /// <summary>By a perf event of type perf_kprobe (since 4.17), which is gone with its descriptor.</summary>
    PerfEvent,

    /// <summary>By a line in kprobe_events of tracefs, which is removed when the link is disposed.</summary>
    Tracefs,
}
