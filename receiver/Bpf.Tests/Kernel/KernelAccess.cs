using Xunit;

namespace EbpfReceiver.Bpf.Tests.Kernel;

/// <summary>What the tests need of the machine.</summary>
internal static class KernelAccess
{
    private static readonly Lazy<BtfTypes> Types = new(BtfTypes.LoadKernel);

    public static BtfTypes KernelTypes => Types.Value;

    public static void Require()
        => Assert.SkipUnless(CapabilitySet.OfThisProcess().CanTrace, "Needs CAP_BPF and CAP_PERFMON, or root.");

    public static void Require(KernelFeature feature)
    {
        Require();
        var result = KernelFeatures.Probe(feature, KernelTypes);
        Assert.SkipUnless(result.IsAvailable, $"{feature}: {result.Reason}");
    }

    /// <summary>Uprobes in either way; the loader takes links where there are both.</summary>
    public static void RequireUprobes()
    {
        if (!KernelFeatures.Probe(KernelFeature.UprobeMulti).IsAvailable)
            Require(KernelFeature.UprobePerf);
    }

    public static BpfObjectSpec Spec(string name)
        => BpfObjectSpec.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Objects", $"{name}.bpf.o")), name);

    public static BpfObject Create(string name, params ReadOnlySpan<(string Name, uint Value)> constants)
    {
        var spec = Spec(name);
        foreach (var (constant, value) in constants)
            spec.SetConstant(constant, value);
        return BpfObject.Create(spec, new BpfObjectOptions { KernelTypes = KernelTypes });
    }
}
