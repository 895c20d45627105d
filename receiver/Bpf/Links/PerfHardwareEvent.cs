namespace EbpfReceiver.Bpf;

/// <summary>Counters that most CPUs have (enum perf_hw_id); virtual machines often have none.</summary>
public enum PerfHardwareEvent : ulong
{
    /// <summary>Cycles.</summary>
    CpuCycles = 0,

    /// <summary>Instructions.</summary>
    Instructions = 1,

    /// <summary>Accesses to the last cache.</summary>
    CacheReferences = 2,

    /// <summary>Accesses that the last cache could not serve.</summary>
    CacheMisses = 3,

    /// <summary>Branches.</summary>
    BranchInstructions = 4,

    /// <summary>Branches that were predicted wrongly.</summary>
    BranchMisses = 5,

    /// <summary>Cycles of the bus.</summary>
    BusCycles = 6,

    /// <summary>Cycles in which nothing could be issued.</summary>
    StalledCyclesFrontend = 7,

    /// <summary>Cycles in which nothing could be retired.</summary>
    StalledCyclesBackend = 8,

    /// <summary>Cycles at a frequency that does not change.</summary>
    ReferenceCpuCycles = 9,
}
