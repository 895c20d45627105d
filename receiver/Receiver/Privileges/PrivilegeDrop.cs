using EbpfReceiver.Bpf;
using EbpfReceiver.Configuration;

namespace EbpfReceiver.Privileges;

/// <summary>Gives up what is not needed once the probes are attached. What is given up does not come back: a restart does.</summary>
internal static class PrivilegeDrop
{
    /// <summary>The plan for this process on this kernel; null if it keeps everything.</summary>
    public static PrivilegePlan? PlanFor(PrivilegesAfterAttach choice) => PrivilegePlan.Of(
        choice,
        CapabilitySet.Parse(File.ReadAllText("/proc/self/status"), "CapPrm"),
        KernelPolicy.OfThisProcess(),
        Environment.OSVersion.Version);

    /// <summary>Carries a plan out, for all threads.</summary>
    /// <exception cref="PrivilegeException">It could not be carried out as a whole.</exception>
    public static void Apply(PrivilegePlan plan)
    {
        FilterInstruction[] filter = SystemCallFilter.Write(plan);
        // Where tracefs is not mounted, it is reached through a mount of our own, which only CAP_SYS_ADMIN could make later.
        if (plan.MayLoad) KernelTracepoints.ReadFormat("sched", "sched_switch");
        CapabilityDrop.KeepOnly(plan.Kept);
        int error = PrivilegeSyscalls.NoNewPrivileges();
        if (error == 0) error = PrivilegeSyscalls.Filter(filter);
        if (error > 0) throw new PrivilegeException($"thread {error} has a system call filter of its own");
        if (error < 0) throw new PrivilegeException($"the system call filter was refused with errno {-error}");
    }
}
