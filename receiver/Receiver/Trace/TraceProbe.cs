using EbpfReceiver.Probes;

namespace EbpfReceiver.Trace;

/// <summary>What a probe has recorded, to be looked at.</summary>
/// <param name="Name">The probe.</param>
/// <param name="Hooks">How it is attached.</param>
/// <param name="Maps">Its maps.</param>
/// <param name="LowestSamplingRatio">The smallest share of its hits that it looked at; 1 where it kept within its budget.</param>
/// <param name="Losses">What it could not record as it was meant to, by cause; what never happened is left out.</param>
internal sealed record TraceProbe(
    string Name, IReadOnlyList<HookStatus> Hooks, IReadOnlyList<TraceMap> Maps, double LowestSamplingRatio,
    IReadOnlyList<(string Cause, long Count)> Losses);
