namespace EbpfReceiver.Bpf;

/// <summary>
/// Flags a map is made with (<see cref="MapSpec.Flags"/>); each applies to some kinds only, and the kernel refuses the others.
/// </summary>
/// <remarks>Source: "flags for BPF_MAP_CREATE command", include/uapi/linux/bpf.h.</remarks>
[Flags]
public enum BpfMapFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>BPF_F_NO_PREALLOC: memory is taken entry by entry; tries need it.</summary>
    NoPreallocation = 1 << 0,

    /// <summary>BPF_F_NO_COMMON_LRU: each CPU ages its own entries.</summary>
    NoCommonLru = 1 << 1,

    /// <summary>BPF_F_NUMA_NODE: <see cref="MapSpec.NumaNode"/> counts.</summary>
    NumaNode = 1 << 2,

    /// <summary>BPF_F_RDONLY: user space can't write through this descriptor.</summary>
    ReadOnly = 1 << 3,

    /// <summary>BPF_F_WRONLY: user space can't read through this descriptor.</summary>
    WriteOnly = 1 << 4,

    /// <summary>BPF_F_STACK_BUILD_ID: stacks are build ids and offsets instead of addresses.</summary>
    StackBuildId = 1 << 5,

    /// <summary>BPF_F_ZERO_SEED: hashes are the same each time, for measurements.</summary>
    ZeroSeed = 1 << 6,

    /// <summary>BPF_F_RDONLY_PROG: programs can't write.</summary>
    ReadOnlyForPrograms = 1 << 7,

    /// <summary>BPF_F_WRONLY_PROG: programs can't read.</summary>
    WriteOnlyForPrograms = 1 << 8,

    /// <summary>BPF_F_MMAPABLE: arrays that user space maps (<see cref="BpfArrayMapping{TValue}"/>), Linux 5.5.</summary>
    Mappable = 1 << 10,

    /// <summary>BPF_F_PRESERVE_ELEMS: a perf event array keeps its events when the descriptor that put them in is closed, 5.10.</summary>
    PreserveElements = 1 << 11,

    /// <summary>BPF_F_INNER_MAP: an inner array may have another number of entries than the template, 5.10.</summary>
    InnerMap = 1 << 12,
}
