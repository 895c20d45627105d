using EbpfReceiver.Identity;
using EbpfReceiver.Samples;

namespace EbpfReceiver.Probes.Declared;

/// <summary>What declared probes feed.</summary>
/// <param name="Identity">Which processes there are.</param>
/// <param name="Clock">Turns times into wall time.</param>
/// <param name="Events">Takes samples; null: nobody reads them.</param>
/// <param name="Version">Version of the scopes.</param>
internal sealed record DeclaredParts(IdentityTable Identity, KernelClock Clock, DeclaredEvents? Events, string Version)
{
    /// <summary>Whether texts are redacted (<see cref="TextRedaction"/>): not on the terminal of who asked for them.</summary>
    public bool Redacts { get; init; }
}
