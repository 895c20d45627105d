namespace EbpfReceiver.Bpf;

/// <summary>What trying a feature came to.</summary>
/// <param name="Claim">What was tried.</param>
/// <param name="Availability">Whether it can be used.</param>
/// <param name="Reason">A sentence: what was seen, and for <see cref="FeatureAvailability.No"/> what it would take.</param>
public sealed record FeatureResult(KernelFeatureClaim Claim, FeatureAvailability Availability, string Reason)
{
    /// <summary>The feature; null for types of programs and maps, and for helpers.</summary>
    public KernelFeature? Feature => Claim.Feature;

    /// <summary>The first kernel that has it, for example <c>5.15</c>; builds may leave it out all the same.</summary>
    public string MinimumKernel => Claim.MinimumKernel;

    /// <summary>True if it was used, and works.</summary>
    public bool IsAvailable => Availability == FeatureAvailability.Yes;
}
