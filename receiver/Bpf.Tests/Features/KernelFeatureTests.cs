using EbpfReceiver.Bpf.Tests.Kernel;
using Xunit;

namespace EbpfReceiver.Bpf.Tests.Features;

[Collection(KernelCollection.Name)]
public sealed class KernelFeatureTests
{
    [Fact]
    public void Every_feature_has_an_answer_with_a_reason_and_a_version_and_leaves_nothing_open()
    {
        KernelAccess.Require();
        _ = KernelFeatures.Probe(KernelFeature.Tracefs); // stays open for as long as the process runs
        var before = Descriptors.Census();
        foreach (var feature in Enum.GetValues<KernelFeature>())
        {
            var result = FeatureProbes.Try(feature, KernelAccess.KernelTypes);
            TestContext.Current.TestOutputHelper?.WriteLine($"{feature}: {result.Availability}: {result.Reason} ({result.MinimumKernel})");
            Assert.Equal(feature, result.Feature);
            if (CapabilitySet.OfThisProcess().Has(Capability.SysAdmin))
                Assert.NotEqual(FeatureAvailability.Unknown, result.Availability);
            Assert.EndsWith(".", result.Reason, StringComparison.Ordinal);
            Assert.Matches(@"^\d\.\d+$", result.MinimumKernel);
        }

        Assert.Equal(before, Descriptors.Census());
    }

    [Theory]
    [InlineData(KernelFeature.RingBuffer, "map_types", "have_ringbuf_map_type")]
    [InlineData(KernelFeature.PerfBuffer, "map_types", "have_perf_event_array_map_type")]
    [InlineData(KernelFeature.RawTracepoint, "program_types", "have_raw_tracepoint_prog_type")]
    public void Bpftool_finds_the_same(KernelFeature feature, string section, string name)
    {
        KernelAccess.Require();
        Assert.SkipUnless(Bpftool.IsThere, "Needs bpftool and CAP_SYS_ADMIN.");
        var (exit, json) = Bpftool.Run("feature", "probe", "kernel");
        Assert.Equal(0, exit);
        Assert.Equal(json.GetProperty(section).GetProperty(name).GetBoolean(), KernelFeatures.Probe(feature).IsAvailable);
    }

    [Fact]
    public void Kprobes_are_there_if_the_kernel_has_the_perf_event_type()
    {
        KernelAccess.Require();
        var result = KernelFeatures.Probe(KernelFeature.KprobePerf);
        Assert.Equal(Directory.Exists("/sys/bus/event_source/devices/kprobe"), result.IsAvailable);
        if (!result.IsAvailable)
            Assert.Contains("CONFIG_KPROBE_EVENTS", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_is_kept()
    {
        KernelAccess.Require();
        Assert.Same(KernelFeatures.Probe(KernelFeature.MapBatches), KernelFeatures.Probe(KernelFeature.MapBatches));
        Assert.Equal(Enum.GetValues<KernelFeature>().Length, KernelFeatures.ProbeAll(KernelAccess.KernelTypes).Count);
    }
}
