using EbpfReceiver.Bpf;

namespace EbpfReceiver.Probes.Declared;

/// <summary>This machine has none of a probe's hooks, which is no mistake of the probe.</summary>
/// <param name="message">Which, and why.</param>
internal sealed class HooksMissingException(string message) : BpfException(message);
