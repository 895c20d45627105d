using System.Collections.Concurrent;

namespace EbpfReceiver.Bpf;

/// <summary>
/// What the running kernel can do for this process, found out by doing it: versions say little, since features are back-ported, left out of
/// builds, and refused by policies. Each is tried once; what was made for it is closed at once. Thread-safe.
/// </summary>
public static class KernelFeatures
{
    private static readonly ConcurrentDictionary<KernelFeatureClaim, FeatureResult> Results = new();
    private static readonly Dictionary<KernelFeature, KernelFeatureClaim> ByFeature =
        FeatureClaims.All.Where(c => c.Feature is not null).ToDictionary(c => c.Feature!.Value);

    /// <summary>
    /// All that can be tried, with the kernels that are said to be the first: features, types of programs and maps, helpers.
    /// </summary>
    public static IReadOnlyList<KernelFeatureClaim> All => FeatureClaims.All;

    /// <summary>What is said of a feature.</summary>
    public static KernelFeatureClaim Find(KernelFeature feature) => ByFeature.TryGetValue(feature, out var claim)
        ? claim
        : throw new ArgumentOutOfRangeException(nameof(feature), feature, "There is no such feature.");

    /// <summary>Tries a feature, or gives what trying it came to before.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="kernelTypes">
    /// The kernel's types if they are at hand; <see cref="KernelFeature.TpBtf"/>, <see cref="KernelFeature.Fentry"/> and others that are
    /// attached to something typed read them otherwise.
    /// </param>
    public static FeatureResult Probe(KernelFeature feature, BtfTypes? kernelTypes = null) => Probe(Find(feature), kernelTypes);

    /// <summary>Whether programs of a type can be loaded; tried once.</summary>
    public static FeatureResult Probe(BpfProgramType type) => Probe(
        FeatureClaims.All.FirstOrDefault(c => c.ProgramType == type) ?? new($"programs of type {type}", "unknown") { ProgramType = type }, null);

    /// <summary>Whether maps of a type can be made; tried once.</summary>
    public static FeatureResult Probe(BpfMapType type) => Probe(
        FeatureClaims.All.FirstOrDefault(c => c.MapType == type) ?? new($"maps of type {type}", "unknown") { MapType = type }, null);

    /// <summary>Whether a helper can be called by the tracing programs that are allowed the most; tried once.</summary>
    public static FeatureResult Probe(BpfHelper helper) => Probe(
        FeatureClaims.All.FirstOrDefault(c => c.Helper == helper) ?? new($"helper {helper}", "unknown") { Helper = helper }, null);

    /// <summary>Tries all features, in the order of the enumeration.</summary>
    public static IReadOnlyList<FeatureResult> ProbeAll(BtfTypes? kernelTypes = null)
    {
        var results = new List<FeatureResult>();
        foreach (var feature in Enum.GetValues<KernelFeature>())
            results.Add(Probe(feature, kernelTypes));
        return results;
    }

    private static FeatureResult Probe(KernelFeatureClaim claim, BtfTypes? kernelTypes)
    {
        if (Results.TryGetValue(claim, out var known))
            return known;
        var result = claim.Probe(kernelTypes);
        // What could not be found out is tried again.
        return result.Availability == FeatureAvailability.Unknown ? result : Results.GetOrAdd(claim, result);
    }
}
