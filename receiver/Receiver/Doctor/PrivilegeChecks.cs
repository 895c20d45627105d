using EbpfReceiver.Bpf;
using EbpfReceiver.Configuration;
using EbpfReceiver.Privileges;

namespace EbpfReceiver.Doctor;

/// <summary>What this process may do.</summary>
internal static class PrivilegeChecks
{
    private const string Area = "privileges";

    /// <summary>The inode that the initial PID namespace has in every kernel (PROC_PID_INIT_INO, include/linux/proc_ns.h).</summary>
    private const string InitialPidNamespace = "pid:[4026531836]";

    private const long EnoughLockedMemory = 64L << 20;

    public static IEnumerable<Check> Run(SystemFiles files)
    {
        CapabilitySet held = CapabilitySet.Parse(files.Read("proc/self/status") ?? "");
        yield return Tracing(held);
        yield return Peeking(held);
        yield return PidNamespace(files);
        yield return UserNamespace(files);
        yield return PerfParanoia(files, held);
        bool countsToCgroup = KernelFeatures.Probe(KernelFeature.CgroupMemoryAccounting).IsAvailable;
        if (LockedMemory(files, held, countsToCgroup) is { } memory)
            yield return memory;
    }

    public static Check Tracing(CapabilitySet held)
    {
        if (held.Has(Capability.SysAdmin))
            return new Check(Area, "load and attach", CheckOutcome.Yes, "CAP_SYS_ADMIN");
        if (held.CanTrace)
            return new Check(Area, "load and attach", CheckOutcome.Yes, "CAP_BPF and CAP_PERFMON");
        string missing = string.Join(" and ", new[] { Capability.Bpf, Capability.Perfmon }.Where(c => !held.Has(c)).Select(CapabilitySet.NameOf));
        var check = new Check(
            Area, "load and attach", CheckOutcome.No, $"this process lacks {missing}",
            "Run as root (sudo), or give it CAP_BPF and CAP_PERFMON: AmbientCapabilities= in systemd, cap_add: in compose, "
            + "capabilities.add in Kubernetes.");
        return check with { Fatal = true };
    }

    public static Check Peeking(CapabilitySet held)
    {
        string missing = string.Join(" and ", new[] { Capability.SysPtrace, Capability.DacReadSearch }.Where(c => !held.Has(c)).Select(CapabilitySet.NameOf));
        return missing.Length == 0
            ? new Check(Area, "look into processes", CheckOutcome.Yes, "CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH")
            : new Check(
                Area, "look into processes", CheckOutcome.Degraded,
                $"without {missing} the libraries of other users' processes are not found, nor the paths of programs that ran before",
                "Give it CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH as well.");
    }

    public static Check AfterAttach(PrivilegesAfterAttach choice, PrivilegePlan? plan)
    {
        const string Name = "after attaching";
        if (plan is null)
        {
            return new Check(
                Area, Name, CheckOutcome.Degraded, "all privileges are kept (privileges.after_attach: keep)",
                "Leave the key out: `attach` gives up what attaching and reading do not take.");
        }

        string kept = plan.Kept.Bits == 0 ? "no capability" : plan.Kept.ToString();
        return new Check(
            Area, Name, CheckOutcome.Yes,
            $"{choice.ToString().ToLowerInvariant()}: every thread keeps {kept}; no program is started, no user changed; "
            + (plan.MayLoad
                ? "files, reloads and gRPC can add probes"
                : "files, reloads and gRPC can't add probes; libraries that are mapped later are still attached to"));
    }

    public static Check PidNamespace(SystemFiles files) => files.LinkTarget("proc/self/ns/pid") switch
    {
        InitialPidNamespace => new Check(Area, "PID namespace", CheckOutcome.Yes, "that of the machine"),
        null => new Check(Area, "PID namespace", CheckOutcome.Degraded, "/proc/self/ns/pid cannot be read", "Mount procfs."),
        _ => new Check(
            Area, "PID namespace", CheckOutcome.Degraded,
            "not that of the machine: the kernel's process ids do not fit this /proc, so processes are known by what the kernel captured alone",
            "Start the container with --pid=host (pid: host in compose, hostPID: true in Kubernetes)."),
    };

    public static Check UserNamespace(SystemFiles files)
    {
        string[] map = (files.Read("proc/self/uid_map") ?? "").Split(default(char[]), StringSplitOptions.RemoveEmptyEntries);
        return map is [] or ["0", "0", "4294967295"]
            ? new Check(Area, "user namespace", CheckOutcome.Yes, "that of the machine")
            : new Check(
                Area, "user namespace", CheckOutcome.No, "not that of the machine: capabilities in it do not count for BPF",
                "Start it outside of user namespaces (no userns-remap, no rootless container).")
            { Fatal = true };
    }

    public static Check PerfParanoia(SystemFiles files, CapabilitySet held)
    {
        string level = files.Read("proc/sys/kernel/perf_event_paranoid") ?? "unknown";
        bool exempt = held.Has(Capability.Perfmon) || held.Has(Capability.SysAdmin);
        if (exempt || (int.TryParse(level, out int value) && value < 0))
            return new Check(Area, "perf_event_paranoid", CheckOutcome.Yes, exempt ? $"{level}, which does not hold for CAP_PERFMON" : level);
        return new Check(
            Area, "perf_event_paranoid", CheckOutcome.No, $"{level}: the perf buffer and kprobes are refused without CAP_PERFMON",
            "Give it CAP_PERFMON (before Linux 5.8: CAP_SYS_ADMIN).");
    }

    // Since 5.11 the memory of maps counts to the cgroup, and the limit says nothing.
    public static Check? LockedMemory(SystemFiles files, CapabilitySet held, bool countsToCgroup)
    {
        if (countsToCgroup)
            return null;
        string line = (files.Read("proc/self/limits") ?? "").Split('\n').FirstOrDefault(l => l.StartsWith("Max locked memory", StringComparison.Ordinal)) ?? "";
        string limit = line.Replace("Max locked memory", "", StringComparison.Ordinal).Split(default(char[]), StringSplitOptions.RemoveEmptyEntries).FirstOrDefault("unknown");
        if (held.Has(Capability.SysResource) || limit == "unlimited" || (long.TryParse(limit, out long bytes) && bytes >= EnoughLockedMemory))
            return new Check(Area, "locked memory", CheckOutcome.Yes, $"{limit}, enough or raised by CAP_SYS_RESOURCE");
        return new Check(
            Area, "locked memory", CheckOutcome.Degraded, $"the limit is {limit} bytes, and maps count to it on this kernel",
            "Raise it: ulimit -l unlimited, LimitMEMLOCK=infinity in systemd, or give it CAP_SYS_RESOURCE.");
    }
}
