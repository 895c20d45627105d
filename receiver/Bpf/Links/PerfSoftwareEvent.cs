namespace EbpfReceiver.Bpf;

/// <summary>What the kernel counts itself (enum perf_sw_ids).</summary>
public enum PerfSoftwareEvent : ulong
{
    /// <summary>Time on the CPU, in ns.</summary>
    CpuClock = 0,

    /// <summary>Time of a task on the CPU, in ns.</summary>
    TaskClock = 1,

    /// <summary>Page faults.</summary>
    PageFaults = 2,

    /// <summary>Context switches.</summary>
    ContextSwitches = 3,

    /// <summary>Moves of a task to another CPU.</summary>
    CpuMigrations = 4,

    /// <summary>Page faults without input or output.</summary>
    MinorPageFaults = 5,

    /// <summary>Page faults with input or output.</summary>
    MajorPageFaults = 6,

    /// <summary>Unaligned accesses that the kernel had to mend.</summary>
    AlignmentFaults = 7,

    /// <summary>Instructions that the kernel had to emulate.</summary>
    EmulationFaults = 8,
}
