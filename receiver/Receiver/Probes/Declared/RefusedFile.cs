namespace EbpfReceiver.Probes.Declared;

/// <summary>A probe file that can't be read, in the place of the probes that would be in it: what is wrong with it is seen where probes are.</summary>
/// <param name="path">The file.</param>
internal sealed class RefusedFile(string path) : Probe
{
    /// <inheritdoc/>
    public override string Name => path;

    /// <inheritdoc/>
    public override string Description => "A probe file that is refused.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Emits => [];

    /// <inheritdoc/>
    public override string Origin => path;

    /// <inheritdoc/>
    public override string ObjectName => path;

    /// <inheritdoc/>
    public override bool IsCompiled => false;

    /// <inheritdoc/>
    public override Bpf.BpfObjectSpec ReadObject() => throw new Bpf.BpfException($"{path} is refused, so there is nothing to attach.");
}
