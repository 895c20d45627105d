using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>Tries what is about the whole machine.</summary>
internal static class SystemFeatures
{
    public static FeatureAnswer MemoryCountsToCgroup() => MemoryAccounting.CountsToCgroup switch
    {
        true => FeatureAnswer.Yes("Maps and programs count to the memory cgroup."),
        false => FeatureAnswer.No(MemoryAccounting.LimitInForce is { } limit
            ? $"Maps count against RLIMIT_MEMLOCK, which is {limit} bytes and could not be lifted: raise it, or give CAP_SYS_RESOURCE."
            : "Maps count against RLIMIT_MEMLOCK, which was lifted."),
        null => FeatureAnswer.Unknown(PermissionAdvice.ForTracing()),
    };

    public static FeatureAnswer RunStatistics()
    {
        var attribute = default(EnableStatisticsAttribute);
        return FeatureAnswer.Of(
            ProbePrograms.Closed(BpfSyscall.Call(BpfCommand.EnableStatistics, ref attribute)), "it was switched on");
    }
}
