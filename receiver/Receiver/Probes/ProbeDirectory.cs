using EbpfReceiver.Probes.Declared;

namespace EbpfReceiver.Probes;

/// <summary>All probes, to be listed and switched, added and taken out. What takes the kernel's time is done on a thread of the pool.</summary>
/// <param name="host">Attaches them.</param>
/// <param name="declared">Knows which of them are declared.</param>
internal sealed class ProbeDirectory(ProbeHost host, DeclaredProbes declared) : IProbeDirectory
{
    /// <inheritdoc/>
    public IReadOnlyList<ProbeStatus> List() => host.List();

    /// <inheritdoc/>
    public ProbeExplanation Explain(string name) => host.Explain(name);

    /// <inheritdoc/>
    public Task<ProbeStatus> SetEnabledAsync(string name, bool enabled) => host.SetEnabledAsync(name, enabled);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ProbeStatus>> AddAsync(string yaml) => Task.Run(() => declared.Add(yaml));

    /// <inheritdoc/>
    public Task RemoveAsync(string name) => Task.Run(() => declared.Remove(name));
}
