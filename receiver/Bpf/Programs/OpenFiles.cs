using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>The limit of a process's open descriptors (ulimit -n). Every map, program and link takes one.</summary>
public static class OpenFiles
{
    /// <summary>
    /// Raises the soft limit, 1024 on most systems, to the hard one: a hundred probes take more than that. The runtime does it by itself only
    /// where it is not compiled ahead of time.
    /// </summary>
    /// <returns>The limit that holds now; 0 if it is not known.</returns>
    public static ulong RaiseLimit() => ResourceLimits.RaiseOpenFiles();
}
