using System.Text;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.Doctor;

/// <summary>Kernel features, each found out by using it. Most have something in their place: an older way to attach, a slower way to read.</summary>
internal static class FeatureChecks
{
    public static IEnumerable<Check> Run() => KernelFeatures.ProbeAll().Select(Of);

    public static Check Of(FeatureResult result)
    {
        bool required = result.Feature is KernelFeature.KernelTypes or KernelFeature.PerfBuffer;
        CheckOutcome outcome = result.Availability switch
        {
            FeatureAvailability.Yes => CheckOutcome.Yes,
            FeatureAvailability.No => CheckOutcome.No,
            _ => CheckOutcome.Degraded,
        };
        string? remedy = outcome switch
        {
            CheckOutcome.Yes => null,
            _ when required => $"Use Linux {result.MinimumKernel} or later, built with it.",
            _ => $"Not needed: something else takes its place. Linux {result.MinimumKernel} and later have it where the build includes it.",
        };
        return new Check("features", NameOf(result.Feature!.Value), outcome, result.Reason, remedy) { Fatal = required && outcome == CheckOutcome.No };
    }

    private static string NameOf(KernelFeature feature) => feature switch
    {
        KernelFeature.KernelTypes => "kernel types",
        KernelFeature.TpBtf => "tp_btf",
        KernelFeature.RawTracepoint => "raw_tp",
        KernelFeature.KprobePerf => "kprobe (perf)",
        KernelFeature.KprobeTracefs => "kprobe (tracefs)",
        KernelFeature.KprobeMulti => "kprobe.multi",
        KernelFeature.UprobePerf => "uprobe (perf)",
        KernelFeature.UprobeMulti => "uprobe.multi",
        _ => Words(feature.ToString()),
    };

    // "KprobeMulti" as "kprobe multi".
    private static string Words(string name)
    {
        var words = new StringBuilder();
        foreach (char c in name)
        {
            if (char.IsUpper(c) && words.Length > 0)
                words.Append(' ');
            words.Append(char.ToLowerInvariant(c));
        }

        return words.ToString();
    }
}
