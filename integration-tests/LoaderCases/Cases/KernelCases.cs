using EbpfReceiver.Bpf;

namespace EbpfReceiver.LoaderCases.Cases;

/// <summary>What the kernel is and claims to have.</summary>
internal static class KernelCases
{
    public static IEnumerable<LoaderCase> All { get; } = [new("kernel.features", Features)];

    /// <summary>Has the loader find out what it keeps: the kernel's types, tracefs, how memory is accounted.</summary>
    public static void WarmUp(CaseRun run)
    {
        run.Fact("release", File.ReadAllText("/proc/sys/kernel/osrelease").Trim());
        run.Fact("types", CaseRun.KernelTypes.Count);
        _ = KernelFeatures.ProbeAll(CaseRun.KernelTypes);
        using var probed = new ProbedProcess(run.Probed); // the runtime keeps an epoll for the pipes of its children
        probed.Do("call", 1);
    }

    /// <summary>Each claim as NAME: "Yes|No|Unknown MINIMUM REASON".</summary>
    private static void Features(CaseRun run)
    {
        foreach (var claim in KernelFeatures.All)
        {
            var result = claim.Probe(CaseRun.KernelTypes);
            run.Fact(claim.Name, $"{result.Availability} {result.MinimumKernel} {result.Reason}");
        }
    }
}
