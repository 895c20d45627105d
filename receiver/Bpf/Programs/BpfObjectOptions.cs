namespace EbpfReceiver.Bpf;

/// <summary>What a <see cref="BpfObject"/> is made with.</summary>
public sealed record BpfObjectOptions
{
    /// <summary>
    /// Types of the running kernel; several objects should share them, since they take some megabytes. Null: the object reads them itself
    /// when it first needs them.
    /// </summary>
    public BtfTypes? KernelTypes { get; init; }

    /// <summary>Maps to use in place of the object's own, by name. They are not disposed with the object.</summary>
    public IReadOnlyDictionary<string, BpfMap>? SharedMaps { get; init; }

    /// <summary>
    /// Types that programs are adapted to (CO-RE) in place of the running kernel's: for kernels that show none, or to see what becomes of a
    /// program elsewhere. What programs are attached to is still looked for in <see cref="KernelTypes"/>.
    /// </summary>
    public BtfTypes? RelocationTypes { get; init; }

    /// <summary>The kernel's configuration for externs of the section .kconfig; null: it is read when it is needed.</summary>
    public KernelConfiguration? Configuration { get; init; }

    /// <summary>
    /// Where maps that are to be pinned by their name are found, or pinned when they are not there yet; a directory of a mounted bpf file
    /// system, for example <c>/sys/fs/bpf</c>. Null: they are this object's own and not pinned.
    /// </summary>
    public string? PinDirectory { get; init; }
}
