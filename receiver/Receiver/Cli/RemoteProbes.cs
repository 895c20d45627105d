using EbpfReceiver.Probes;
using EbpfReceiver.Proto.V1;
using ProbeState = EbpfReceiver.Probes.ProbeState;

namespace EbpfReceiver.Cli;

/// <summary>What a running receiver says of its probes, in our own types.</summary>
internal static class RemoteProbes
{
    public static ProbeStatus Of(Proto.V1.Probe probe) => new(
        probe.Name,
        probe.Description,
        probe.State switch
        {
            Proto.V1.ProbeState.Loading => ProbeState.Loading,
            Proto.V1.ProbeState.Running => ProbeState.Running,
            Proto.V1.ProbeState.Degraded => ProbeState.Degraded,
            Proto.V1.ProbeState.Failed => ProbeState.Failed,
            _ => ProbeState.Disabled,
        },
        [.. probe.Reasons.Select(r => new Probes.ProbeReason(r.Hook, r.Reason, Maybe(r.Remedy), Maybe(r.MinimumKernel)))],
        [.. probe.Hooks.Select(h => new HookStatus(
            h.Name,
            h.Required,
            Maybe(h.ChosenAlternative),
            [.. h.Alternatives.Select(a => new AlternativeStatus(a.Name, a.Kind, a.Chosen, Maybe(a.Refusal)))],
            [.. h.AttachedTo]))],
        [.. probe.LoadedPrograms.Select(p => new ProgramStatus(
            p.Name, p.Section, p.KernelId, p.Runs, p.RunTime?.ToTimeSpan() ?? TimeSpan.Zero, p.HasMissed ? p.Missed : null))])
    {
        MissedByLinks = probe.MissedByLinks,
        Origin = probe.Origin,
        Group = probe.Group,
        SamplingRatio = probe.SamplingRatio,
    };

    public static ProbeExplanation Of(ExplainProbeResponse response) => new(
        Of(response.Probe),
        response.ObjectName,
        [.. response.Programs.Select(p => new ProgramExplanation(
            p.Name, p.Hook, p.Alternative, p.Section, p.Instructions, p.Loaded, p.EstimatedNanosecondsPerHit)
        {
            Anatomy = p.WorstCaseInstructions > 0
                ? new ProgramAnatomy(p.WorstCaseInstructions, p.HelperCalls, p.EstimatedNanosecondsPerHit, [.. p.Listing])
                : null,
        })],
        [.. response.Maps.Select(m => new MapExplanation(m.Name, m.Type, m.MaxEntries, m.MemoryBytes, m.Shared))],
        [.. response.Emits]);

    private static string? Maybe(string text) => text.Length == 0 ? null : text;
}
