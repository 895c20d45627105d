namespace EbpfReceiver.Bpf;

/// <summary>
/// What EPERM or EACCES means here. The kernel gives the same number for a missing capability, for lockdown, for a security
/// module and for a user namespace; which it is decides what the user can do.
/// </summary>
internal static class PermissionAdvice
{
    private const string AnyPolicy = "(kernel lockdown, a security module or a seccomp filter)";

    /// <summary>A sentence on what refuses tracing to this process.</summary>
    public static string ForTracing() => Of(CapabilitySet.OfThisProcess(), KernelPolicy.OfThisProcess(), Capability.Bpf, Capability.Perfmon);

    /// <summary>A sentence on what refuses a program of a type; those at sockets and devices take CAP_NET_ADMIN.</summary>
    public static string ForLoading(BpfProgramType type)
    {
        Capability second = IsForNetworks(type) ? Capability.NetAdmin : Capability.Perfmon;
        return Of(CapabilitySet.OfThisProcess(), KernelPolicy.OfThisProcess(), Capability.Bpf, second);
    }

    /// <summary>A sentence on what refuses to attach to a cgroup.</summary>
    public static string ForCgroups()
        => Of(CapabilitySet.OfThisProcess(), KernelPolicy.OfThisProcess(), Capability.Bpf, Capability.NetAdmin);

    /// <summary>A sentence on what refuses a perf event.</summary>
    public static string ForPerfEvents()
    {
        var (held, policy) = (CapabilitySet.OfThisProcess(), KernelPolicy.OfThisProcess());
        var advice = Of(held, policy, Capability.Perfmon);
        return held.Has(Capability.Perfmon) || held.Has(Capability.SysAdmin) || policy.PerfEventParanoid is not { } paranoid
            ? advice
            : $"{advice} Without it kernel.perf_event_paranoid counts, which is {paranoid}.";
    }

    /// <summary>A sentence on what refuses uprobes to this process.</summary>
    /// <remarks>
    /// CAP_PERFMON is enough for them from Linux 5.8 until 6.16 and the stable kernels of mid-2025, which ask for CAP_SYS_ADMIN again:
    /// a breakpoint in the middle of an instruction changes what a program does.
    /// </remarks>
    public static string ForUprobes()
    {
        var held = CapabilitySet.OfThisProcess();
        return held.CanTrace && !held.Has(Capability.SysAdmin)
            ? "This process lacks CAP_SYS_ADMIN, which kernels ask for uprobes since 6.16 (and stable ones since mid-2025)."
            : ForTracing();
    }

    /// <summary>As <see cref="ForTracing()"/>, from what is known of the process and the kernel.</summary>
    /// <param name="held">The effective capabilities.</param>
    /// <param name="lockdown">The lockdown mode, or null if it can't be read.</param>
    /// <param name="inUserNamespace">Whether user ids are mapped, that is the process is not in the initial user namespace.</param>
    public static string ForTracing(CapabilitySet held, string? lockdown, bool inUserNamespace)
        => Of(held, new KernelPolicy { Lockdown = lockdown, InUserNamespace = inUserNamespace }, Capability.Bpf, Capability.Perfmon);

    /// <summary>A sentence on what refuses something that takes some capabilities.</summary>
    public static string Of(CapabilitySet held, KernelPolicy policy, params ReadOnlySpan<Capability> needed)
    {
        if (!held.Has(Capability.SysAdmin))
        {
            var missing = new List<string>();
            foreach (var capability in needed)
            {
                if (!held.Has(capability))
                    missing.Add(CapabilitySet.NameOf(capability));
            }

            if (missing.Count > 0)
            {
                return $"This process lacks {string.Join(" and ", missing)}"
                    + (missing.Contains(CapabilitySet.NameOf(Capability.NetAdmin)) ? "." : " (before Linux 5.8: CAP_SYS_ADMIN).");
            }
        }

        if (policy.InUserNamespace)
            return "This process is in a user namespace, where its capabilities do not count for BPF: start it in the initial one.";
        if (policy.Lockdown is not (null or "none"))
            return $"This process has the capabilities, so a policy refuses it: the kernel is locked down (mode {policy.Lockdown}).";

        var suspects = Suspects(policy);
        if (!held.Has(Capability.SysAdmin))
        {
            var names = string.Join(" and ", needed.ToArray().Select(CapabilitySet.NameOf));
            return $"This process has {names}, so the kernel asks for CAP_SYS_ADMIN here, or a policy refuses it{suspects}.";
        }

        return $"This process has the capabilities, so a policy refuses it{suspects}.";
    }

    /// <summary>What there is on this machine that may refuse; all that there could be where nothing is known.</summary>
    private static string Suspects(KernelPolicy policy)
    {
        var found = new List<string>();
        if (policy.HasSeccompFilter == true)
            found.Add("a seccomp filter is on this process, as container engines put one");
        if (policy.SecurityModules is { Count: > 0 } modules)
            found.Add($"of security modules there {(modules.Count == 1 ? "is" : "are")} {string.Join(", ", modules)}");
        return found.Count == 0 ? $" {AnyPolicy}" : $": {string.Join(", and ", found)}";
    }

    private static bool IsForNetworks(BpfProgramType type) => type is BpfProgramType.SchedClassifier or BpfProgramType.SchedAction
        or BpfProgramType.Xdp or BpfProgramType.CgroupSkb or BpfProgramType.CgroupSock or BpfProgramType.CgroupSockAddr
        or BpfProgramType.CgroupSockOpt or BpfProgramType.CgroupDevice or BpfProgramType.CgroupSysctl or BpfProgramType.SockOps
        or BpfProgramType.LwtIn or BpfProgramType.LwtOut or BpfProgramType.LwtXmit or BpfProgramType.LwtSeg6Local
        or BpfProgramType.SkSkb or BpfProgramType.SkMessage or BpfProgramType.SkReuseport or BpfProgramType.SkLookup
        or BpfProgramType.FlowDissector or BpfProgramType.Netfilter;
}
