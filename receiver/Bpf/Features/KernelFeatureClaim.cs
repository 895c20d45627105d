namespace EbpfReceiver.Bpf;

/// <summary>
/// Something a kernel may have, with the first version that is said to: a <see cref="KernelFeature"/>, a type of program or of map, or a
/// helper. Builds may leave it out; before that version no kernel has it unless it was ported back.
/// </summary>
/// <param name="Name">What it is called in messages: <c>kprobe.multi links</c>, <c>maps of type RingBuffer</c>.</param>
/// <param name="MinimumKernel">The first kernel that has it, for example <c>5.15</c>.</param>
public sealed record KernelFeatureClaim(string Name, string MinimumKernel)
{
    /// <summary>The feature, if it is one.</summary>
    public KernelFeature? Feature { get; init; }

    /// <summary>The type of program, if it is one.</summary>
    public BpfProgramType? ProgramType { get; init; }

    /// <summary>The type of map, if it is one.</summary>
    public BpfMapType? MapType { get; init; }

    /// <summary>The helper, if it is one.</summary>
    public BpfHelper? Helper { get; init; }

    /// <summary>Tries it, each time anew.</summary>
    /// <param name="kernelTypes">The kernel's types if they are at hand.</param>
    public FeatureResult Probe(BtfTypes? kernelTypes = null) => FeatureProbes.Try(this, kernelTypes);
}
