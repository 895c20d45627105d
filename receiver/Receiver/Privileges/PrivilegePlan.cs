using EbpfReceiver.Bpf;
using EbpfReceiver.Configuration;

namespace EbpfReceiver.Privileges;

/// <summary>What is kept of the privileges once the probes are attached, and which system calls are refused from then on.</summary>
/// <param name="Kept">Capabilities that every thread keeps; none that is not held.</param>
/// <param name="RefusedCalls">Names of system calls that fail with EPERM whatever their arguments.</param>
/// <param name="MayLoad">Whether programs and maps may still be made.</param>
internal sealed record PrivilegePlan(CapabilitySet Kept, IReadOnlyList<string> RefusedCalls, bool MayLoad)
{
    /// <summary>perf_event_paranoid above this is a distribution's own level, for which CAP_PERFMON is not enough.</summary>
    private const int HighestParanoia = 2;

    /// <summary>
    /// Reading takes these: files of other processes, a buffer for a CPU that comes, uprobes in a library that is mapped later; and maps
    /// are read without being preempted, since hits of kprobes are missed meanwhile.
    /// </summary>
    private static readonly Capability[] s_reading =
        [Capability.Perfmon, Capability.SysPtrace, Capability.DacReadSearch, Capability.CheckpointRestore, Capability.SysNice];

    /// <summary>
    /// What neither attaching nor reading takes and what an attacker would want first: other programs, other processes, other namespaces,
    /// other users, the kernel's modules, clocks, keys and mounts. open_by_handle_at is how CAP_DAC_READ_SEARCH leads out of a container.
    /// </summary>
    private static readonly string[] s_neverNeeded =
    [
        "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd", "unshare", "setns",
        "mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "open_tree_attr", "mount_setattr", "fspick", "fsopen",
        "fsconfig", "fsmount", "open_by_handle_at", "mknod", "mknodat", "swapon", "swapoff", "quotactl", "quotactl_fd", "acct",
        "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "iopl", "ioperm", "modify_ldt",
        "settimeofday", "clock_settime", "adjtimex", "clock_adjtime", "sethostname", "setdomainname", "syslog", "vhangup", "personality",
        "add_key", "request_key", "keyctl", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register", "fanotify_init",
        "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups", "setfsuid", "setfsgid", "capset",
    ];

    /// <summary>The plan for a choice of the configuration; null for <c>keep</c>.</summary>
    /// <param name="choice">The choice.</param>
    /// <param name="held">What the process holds.</param>
    /// <param name="policy">What the machine asks for besides capabilities.</param>
    /// <param name="kernel">Its version: before 5.19 bpf() took CAP_BPF for reading a map, before 5.11 maps counted to
    /// RLIMIT_MEMLOCK.</param>
    public static PrivilegePlan? Of(PrivilegesAfterAttach choice, CapabilitySet held, KernelPolicy policy, Version kernel)
    {
        if (choice == PrivilegesAfterAttach.Keep) return null;
        bool mayLoad = choice == PrivilegesAfterAttach.Attach;
        CapabilitySet wanted = SetOf(s_reading);
        bool readingTakesBpf = kernel < new Version(5, 19) && policy.UnprivilegedBpfDisabled is not 0;
        if (mayLoad || readingTakesBpf) wanted = wanted.With(Capability.Bpf);
        if (mayLoad) wanted = wanted.With(Capability.Syslog);
        if (mayLoad && kernel < new Version(5, 11)) wanted = wanted.With(Capability.SysResource);

        // Without the one capability the other is the only way: then it stays, and is all that can be said for it.
        bool takesAdmin = policy.PerfEventParanoid > HighestParanoia
            || !held.Has(Capability.Perfmon)
            || (wanted.Has(Capability.Bpf) && !held.Has(Capability.Bpf));
        if (takesAdmin) wanted = wanted.With(Capability.SysAdmin);
        return new PrivilegePlan(new CapabilitySet(wanted.Bits & held.Bits), s_neverNeeded, mayLoad);
    }

    private static CapabilitySet SetOf(ReadOnlySpan<Capability> members)
    {
        CapabilitySet set = default;
        foreach (Capability member in members) set = set.With(member);
        return set;
    }
}
