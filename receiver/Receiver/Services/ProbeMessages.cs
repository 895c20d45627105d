using EbpfReceiver.Probes;
using EbpfReceiver.Proto.V1;
using Google.Protobuf.WellKnownTypes;
using ProbeReason = EbpfReceiver.Proto.V1.ProbeReason;
using ProbeState = EbpfReceiver.Proto.V1.ProbeState;
using ProbeMessage = EbpfReceiver.Proto.V1.Probe;
using ProgramMessage = EbpfReceiver.Proto.V1.Program;

namespace EbpfReceiver.Services;

/// <summary>Probes as messages of the inspection service.</summary>
internal static class ProbeMessages
{
    public static ProbeMessage Of(ProbeStatus status, bool alternatives)
    {
        var probe = new ProbeMessage
        {
            Name = status.Name,
            Description = status.Description,
            State = Of(status.State),
            Origin = status.Origin,
            Group = status.Group,
            SamplingRatio = status.SamplingRatio,
        };
        foreach (Probes.ProbeReason reason in status.Reasons)
        {
            probe.Reasons.Add(new ProbeReason
            {
                Hook = reason.Hook,
                Reason = reason.Text,
                Remedy = reason.Remedy ?? "",
                MinimumKernel = reason.MinimumKernel ?? "",
            });
        }

        foreach (HookStatus hook in status.Hooks) probe.Hooks.Add(Of(hook, alternatives));
        foreach (ProgramStatus program in status.Programs)
        {
            var loaded = new LoadedProgram
            {
                Name = program.Name,
                Section = program.Section,
                KernelId = program.Id,
                Runs = program.RunCount,
                RunTime = Duration.FromTimeSpan(program.RunTime),
            };
            if (program.Missed is { } missed) loaded.Missed = missed;
            probe.LoadedPrograms.Add(loaded);
        }

        probe.MissedByLinks = status.MissedByLinks;

        return probe;
    }

    public static ExplainProbeResponse Of(ProbeExplanation explanation)
    {
        var response = new ExplainProbeResponse
        {
            Probe = Of(explanation.Status, alternatives: true),
            ObjectName = explanation.ObjectName,
            MapMemoryBytes = explanation.MapMemoryBytes,
        };
        foreach (ProgramExplanation program in explanation.Programs)
        {
            var message = new ProgramMessage
            {
                Name = program.Name,
                Hook = program.Hook,
                Alternative = program.Alternative,
                Section = program.Section,
                Instructions = program.Instructions,
                Loaded = program.Loaded,
                EstimatedNanosecondsPerHit = program.EstimatedNanosecondsPerHit,
                WorstCaseInstructions = program.Anatomy?.WorstCaseInstructions ?? 0,
                HelperCalls = program.Anatomy?.HelperCalls ?? 0,
            };
            message.Listing.AddRange(program.Anatomy?.Listing ?? []);
            response.Programs.Add(message);
        }

        foreach (MapExplanation map in explanation.Maps)
        {
            response.Maps.Add(new Map
            {
                Name = map.Name,
                Type = map.Type,
                MaxEntries = map.MaxEntries,
                MemoryBytes = map.MemoryBytes,
                Shared = map.Shared,
            });
        }

        response.Emits.AddRange(explanation.Emits);
        return response;
    }

    private static Hook Of(HookStatus status, bool alternatives)
    {
        var hook = new Hook { Name = status.Name, Required = status.Required, ChosenAlternative = status.Chosen ?? "" };
        hook.AttachedTo.AddRange(status.AttachedTo);
        if (!alternatives) return hook;
        foreach (AlternativeStatus alternative in status.Alternatives)
        {
            hook.Alternatives.Add(new Alternative
            {
                Name = alternative.Name,
                Kind = alternative.Kind,
                Chosen = alternative.Chosen,
                Refusal = alternative.Refusal ?? "",
            });
        }

        return hook;
    }

    private static ProbeState Of(Probes.ProbeState state) => state switch
    {
        Probes.ProbeState.Disabled => ProbeState.Disabled,
        Probes.ProbeState.Loading => ProbeState.Loading,
        Probes.ProbeState.Running => ProbeState.Running,
        Probes.ProbeState.Degraded => ProbeState.Degraded,
        Probes.ProbeState.Failed => ProbeState.Failed,
        _ => ProbeState.Unspecified,
    };
}
