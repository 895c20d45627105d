namespace EbpfReceiver.Bpf;

/// <summary>What a kernel may or may not be able to do for tracing.</summary>
public enum KernelFeature
{
    /// <summary>The kernel shows its types in /sys/kernel/btf/vmlinux.</summary>
    KernelTypes,

    /// <summary>tracefs can be read, which classic tracepoints need.</summary>
    Tracefs,

    /// <summary>Perf buffers.</summary>
    PerfBuffer,

    /// <summary>Ring buffers (BPF_MAP_TYPE_RINGBUF).</summary>
    RingBuffer,

    /// <summary>Maps are read in batches (BPF_MAP_LOOKUP_BATCH).</summary>
    MapBatches,

    /// <summary>Programs on raw tracepoints.</summary>
    RawTracepoint,

    /// <summary>Programs on raw tracepoints with typed arguments.</summary>
    TpBtf,

    /// <summary>Programs on functions by trampolines.</summary>
    Fentry,

    /// <summary>Kprobes by the perf event type.</summary>
    KprobePerf,

    /// <summary>Kprobes by events made in tracefs.</summary>
    KprobeTracefs,

    /// <summary>Many kprobes in one link.</summary>
    KprobeMulti,

    /// <summary>Uprobes by the perf event type.</summary>
    UprobePerf,

    /// <summary>Many uprobes in one link, with a filter by process that works.</summary>
    UprobeMulti,

    /// <summary>BPF links of perf events (kprobe, uprobe, tracepoint), with cookies.</summary>
    PerfEventLink,

    /// <summary>A value of the attacher's choice for each attachment (bpf_get_attach_cookie).</summary>
    AttachCookie,

    /// <summary>BPF memory is accounted to the memory cgroup and not against RLIMIT_MEMLOCK.</summary>
    CgroupMemoryAccounting,

    /// <summary>Run time of programs is measured on demand (BPF_ENABLE_STATS).</summary>
    RunStatistics,

    /// <summary>Many kprobes in one link, each with its return, in one run of state (kprobe.session).</summary>
    KprobeSession,

    /// <summary>Many uprobes in one link, each with its return, in one run of state (uprobe.session).</summary>
    UprobeSession,

    /// <summary>Uprobes by perf events count up a semaphore in the file, as USDT probes have them.</summary>
    UprobeSemaphore,

    /// <summary>A nop of five bytes becomes a call in place of a breakpoint (uprobe(2) on x86-64).</summary>
    UprobeCall,

    /// <summary>Cookies for trampolines (fentry, fexit, fmod_ret, lsm).</summary>
    TracingCookie,

    /// <summary>Cookies for raw tracepoints, with and without typed arguments.</summary>
    RawTracepointCookie,

    /// <summary>Programs that go over kernel objects (iter).</summary>
    Iterator,

    /// <summary>BPF links of cgroups.</summary>
    CgroupLink,

    /// <summary>Global variables: maps that the verifier looks into, and that are frozen (BPF_MAP_FREEZE).</summary>
    GlobalData,

    /// <summary>Arrays that are mapped into memory (BPF_F_MMAPABLE).</summary>
    MappedArrays,

    /// <summary>Maps are kept by a program that does not use them (BPF_PROG_BIND_MAP).</summary>
    ProgramBindMap,

    /// <summary>Types of modules, told by name.</summary>
    ModuleTypes,

    /// <summary>BTF of functions.</summary>
    BtfFunctions,

    /// <summary>BTF of functions that says which ones are global.</summary>
    BtfGlobalFunctions,

    /// <summary>BTF of variables and sections.</summary>
    BtfDataSections,

    /// <summary>BTF of floating-point types.</summary>
    BtfFloats,

    /// <summary>BTF with tags of declarations.</summary>
    BtfDeclarationTags,

    /// <summary>BTF with tags of types.</summary>
    BtfTypeTags,

    /// <summary>BTF of enumerations with 64 bits.</summary>
    BtfEnum64,

    /// <summary>The verifier says how long its log is.</summary>
    VerifierLogSize,
}
