namespace EbpfReceiver.Bpf;

/// <summary>Kinds of perf events (perf_event_attr.type); other numbers are those of /sys/bus/event_source/devices.</summary>
public enum PerfEventType : uint
{
    /// <summary>A counter of the CPU by its common name (<see cref="PerfHardwareEvent"/>).</summary>
    Hardware = 0,

    /// <summary>Something that the kernel counts (<see cref="PerfSoftwareEvent"/>).</summary>
    Software = 1,

    /// <summary>A cache counter: cache | operation &lt;&lt; 8 | result &lt;&lt; 16.</summary>
    Cache = 3,

    /// <summary>A counter of the CPU by its own number.</summary>
    Raw = 4,
}
