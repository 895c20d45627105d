using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>Tries types of programs, helpers, and what the verifier says.</summary>
internal static class ProgramFeatures
{
    private const uint Sleepable = 1 << 4; // BPF_F_SLEEPABLE

    /// <summary>
    /// Loads the smallest program of a type. Types that need a target get one that can't be: the verifier says so, which shows that it
    /// knows the type.
    /// </summary>
    public static FeatureAnswer Type(BpfProgramType type)
    {
        var (attachType, target) = type switch
        {
            BpfProgramType.CgroupSockAddr => (BpfAttachType.CgroupInet4Connect, 0u),
            BpfProgramType.CgroupSockOpt => (BpfAttachType.CgroupGetSockOpt, 0u),
            BpfProgramType.SkLookup => (BpfAttachType.SkLookup, 0u),
            BpfProgramType.Netfilter => (BpfAttachType.Netfilter, 0u),
            BpfProgramType.CgroupSysctl => (BpfAttachType.CgroupSysctl, 0u),
            BpfProgramType.Tracing => (BpfAttachType.TraceRawTracepoint, 1u),
            BpfProgramType.Lsm => (BpfAttachType.LsmMac, 1u),
            BpfProgramType.Extension => (default, 1u),
            _ => (default, 0u),
        };
        var result = ProbePrograms.LoadReturnsZero(
            type, attachType, target, type == BpfProgramType.Syscall ? Sleepable : 0, out var log);
        return result >= 0 || log.Length == 0 || Syscall.ErrorOf(result) is Errno.EPERM or Errno.EACCES
            ? FeatureAnswer.Of(ProbePrograms.Closed(result), "a program of this type loads")
            : FeatureAnswer.Yes("The verifier knows the type.");
    }

    /// <summary>
    /// Loads a program that calls a helper, with arguments that are wrong for most: what matters is whether the verifier minds the helper
    /// or its arguments. Kprobes are allowed the most, socket filters what kprobes are not; what needs to sleep or is for typed programs
    /// only is not tried.
    /// </summary>
    public static FeatureAnswer Helper(int helper)
    {
        var first = Helper(BpfProgramType.Kprobe, helper);
        return first.Availability == FeatureAvailability.No ? Helper(BpfProgramType.SocketFilter, helper) : first;
    }

    private static FeatureAnswer Helper(BpfProgramType type, int helper)
    {
        var result = ProbePrograms.CallsHelper(type, helper, out var log);
        if (result >= 0)
            return FeatureAnswer.Yes("A program that calls it loads.");
        if (log.Length == 0)
            return FeatureAnswer.Of(result, "");
        return log.Contains("invalid func ", StringComparison.Ordinal) || log.Contains("unknown func ", StringComparison.Ordinal)
            || log.Contains("cannot use helper ", StringComparison.Ordinal) || log.Contains("is not supported", StringComparison.Ordinal)
            ? FeatureAnswer.No("The verifier does not know it. It is older than this feature, or was built without it.")
            : FeatureAnswer.Yes("The verifier knows it.");
    }

    public static FeatureAnswer LogSize() => ProbePrograms.LogTrueSize() switch
    {
        > 0 => FeatureAnswer.Yes("The kernel wrote it."),
        0 => FeatureAnswer.No("The kernel did not write it. It is older than this feature."),
        var error => FeatureAnswer.Of(error, ""),
    };
}
