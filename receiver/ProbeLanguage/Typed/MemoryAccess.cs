namespace EbpfReceiver.ProbeLanguage;

/// <summary>How memory is read.</summary>
public enum MemoryAccess
{
    /// <summary>By a load, through a pointer the verifier has a BTF type for; an unreadable address reads as 0.</summary>
    Direct,

    /// <summary>bpf_probe_read_kernel, or its form for strings; what can't be read is 0.</summary>
    Kernel,

    /// <summary>bpf_probe_read_user, or its form for strings; what can't be read is 0.</summary>
    User,
}
