using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>A probe made for this machine.</summary>
/// <param name="Binding">What its names mean here.</param>
/// <param name="Compiled">Its programs and maps.</param>
/// <param name="Id">The number that its samples are marked with.</param>
internal sealed record ForgedProbe(ProbeBinding Binding, CompiledProbe Compiled, uint Id);
