namespace EbpfReceiver.Bpf;

/// <summary>Refuses what the kernel does not have, before a call is made that older kernels would take and half-do.</summary>
internal static class MissingFeature
{
    /// <summary>Throws unless the feature is there.</summary>
    /// <param name="feature">What is needed.</param>
    /// <param name="doing">What is to be done, as "attaching kprobe f with a cookie".</param>
    /// <exception cref="BpfException">It is not there; the message names the first kernel that has it.</exception>
    public static void Check(KernelFeature feature, string doing)
    {
        var result = KernelFeatures.Probe(feature);
        if (result.Availability == FeatureAvailability.No)
            throw Refusal(result, doing);
    }

    public static BpfException Refusal(FeatureResult result, string doing)
        => new($"{char.ToUpperInvariant(doing[0])}{doing[1..]} is not possible on this kernel (Linux {result.MinimumKernel} and later can). "
            + result.Reason);
}
