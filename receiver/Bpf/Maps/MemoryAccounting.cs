using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>
/// How the kernel accounts the memory of maps and programs: since 5.11 to the memory cgroup, before that against
/// RLIMIT_MEMLOCK, which by default is too small for anything. Only then is the limit touched.
/// </summary>
internal static class MemoryAccounting
{
    private const int KtimeGetCoarseNs = 160; // bpf_ktime_get_coarse_ns, added in the same release

    private static readonly Lazy<bool?> Cgroup = new(ProbeCgroup);
    private static readonly Lazy<ulong?> Limit = new(Raise);

    /// <summary>True: to the cgroup; false: against RLIMIT_MEMLOCK; null: this process may not find out.</summary>
    public static bool? CountsToCgroup => Cgroup.Value;

    /// <summary>The limit in bytes where it counts and could not be lifted, else null.</summary>
    public static ulong? LimitInForce => Limit.Value;

    /// <summary>Lifts the limit where it counts; to be called before something is made in the kernel. Does its work once.</summary>
    public static void Prepare() => _ = Limit.Value;

    private static ulong? Raise()
        => CountsToCgroup == false && !ResourceLimits.LiftLockedMemory() ? ResourceLimits.LockedMemory() : null;

    private static bool? ProbeCgroup() => ProbePrograms.CallsHelper(BpfProgramType.SocketFilter, KtimeGetCoarseNs) switch
    {
        >= 0 => true,
        -(long)Errno.EPERM or -(long)Errno.EACCES => null,
        _ => false,
    };
}
