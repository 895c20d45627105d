namespace EbpfReceiver.Bpf.Interop;

/// <summary>
/// prlimit64(2) for RLIMIT_MEMLOCK, to which kernels before 5.11 account BPF memory, and RLIMIT_NOFILE: each map, program and link is a descriptor.
/// </summary>
internal static unsafe class ResourceLimits
{
    private const int RLIMIT_NOFILE = 7;
    private const int RLIMIT_MEMLOCK = 8;
    private const ulong Infinity = ulong.MaxValue;

    /// <summary>The soft limit in bytes; <see cref="ulong.MaxValue"/> for none.</summary>
    public static ulong LockedMemory()
    {
        var limit = stackalloc ulong[2];
        return Syscall.Call(SyscallNumbers.Prlimit64, 0, RLIMIT_MEMLOCK, (void*)null, limit) < 0 ? 0 : limit[0];
    }

    /// <summary>Lifts the limit, or, without CAP_SYS_RESOURCE, raises the soft one to the hard one.</summary>
    /// <returns>Whether there is no limit any more.</returns>
    public static bool LiftLockedMemory()
    {
        var limit = stackalloc ulong[2] { Infinity, Infinity };
        if (Syscall.Call(SyscallNumbers.Prlimit64, 0, RLIMIT_MEMLOCK, limit, (void*)null) >= 0)
            return true;
        if (Syscall.Call(SyscallNumbers.Prlimit64, 0, RLIMIT_MEMLOCK, (void*)null, limit) < 0)
            return false;

        limit[0] = limit[1];
        return Syscall.Call(SyscallNumbers.Prlimit64, 0, RLIMIT_MEMLOCK, limit, (void*)null) >= 0 && limit[0] == Infinity;
    }

    /// <summary>Raises the soft limit of open descriptors to the hard one, which takes no privilege.</summary>
    /// <returns>The limit that holds now.</returns>
    public static ulong RaiseOpenFiles()
    {
        var limit = stackalloc ulong[2];
        if (Syscall.Call(SyscallNumbers.Prlimit64, 0, RLIMIT_NOFILE, (void*)null, limit) < 0)
            return 0;
        var soft = limit[0];
        limit[0] = limit[1];
        return soft == limit[1] || Syscall.Call(SyscallNumbers.Prlimit64, 0, RLIMIT_NOFILE, limit, (void*)null) >= 0 ? limit[1] : soft;
    }
}
