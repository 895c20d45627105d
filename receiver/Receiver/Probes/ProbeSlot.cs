using EbpfReceiver.Bpf;

namespace EbpfReceiver.Probes;

/// <summary>A probe and its state. Guarded by the host's lock.</summary>
/// <param name="probe">What is observed.</param>
internal sealed class ProbeSlot(Probe probe)
{
    private BpfObjectSpec? _anatomy;

    /// <summary>What is observed.</summary>
    public Probe Probe { get; } = probe;

    /// <summary>The state.</summary>
    public ProbeState State { get; set; } = ProbeState.Disabled;

    /// <summary>Why it is degraded or failed.</summary>
    public IReadOnlyList<ProbeReason> Reasons { get; set; } = [];

    /// <summary>What of it is in the kernel; null if nothing is.</summary>
    public AttachedProbe? Attached { get; set; }

    /// <summary>When it was attached; ns, CLOCK_MONOTONIC.</summary>
    public ulong AttachedAt { get; set; }

    /// <summary>The hooks of the last try to attach it; null if there was none.</summary>
    public IReadOnlyList<HookStatus>? LastHooks { get; set; }

    /// <summary>Its object as it was compiled, for whoever asks.</summary>
    /// <exception cref="BpfException">This build has none.</exception>
    public BpfObjectSpec Anatomy => _anatomy ??= Probe.ReadObject();

    /// <summary>The hooks as they are now, or would be.</summary>
    public IReadOnlyList<HookStatus> Hooks() =>
        Attached?.Hooks(Probe)
        ?? LastHooks
        ?? [.. HookPlan.Of(Anatomy.Programs, Probe.KeepsOrder).Select(h => new HookStatus(
            h.Name,
            !Probe.OptionalHooks.Contains(h.Name),
            null,
            [.. h.Alternatives.Select(a => new AlternativeStatus(a.Name, AttachLadder.NameOf(a.Kind), false, null))],
            []))];

    /// <summary>A list of probes compiles none for it.</summary>
    private IReadOnlyList<HookStatus> HooksIfKnown() => Attached is null && LastHooks is null && !Probe.IsCompiled ? [] : Hooks();

    /// <summary>The probe as it is now.</summary>
    public ProbeStatus Status()
    {
        var programs = new List<ProgramStatus>();
        foreach (BpfProgram program in Attached?.Programs ?? [])
        {
            BpfProgramInfo info = program.Info();
            programs.Add(new ProgramStatus(program.Spec.Name, program.Spec.SectionName, info.Id, info.RunCount, info.RunTime, info.RecursionMisses));
        }

        IReadOnlyList<ProbeReason> reasons = Probe.Complaint is { } complaint ? [.. Reasons, complaint] : Reasons;
        ProbeState state = State;
        if (Attached is not null && Probe.Blindness is { } blindness)
        {
            reasons = [.. reasons, blindness];
            if (state == ProbeState.Running) state = ProbeState.Degraded;
        }

        return new ProbeStatus(Probe.Name, Probe.Description, state, reasons, HooksIfKnown(), programs)
        {
            Origin = Probe.Origin,
            Group = Probe.Group,
            SamplingRatio = Probe.SamplingRatio,
            MissedByLinks = Attached?.MissedByLinks() ?? 0,
        };
    }

    /// <summary>All there is to know.</summary>
    public ProbeExplanation Explain(Func<string, bool> isShared)
    {
        if (!CanBeRead()) return new ProbeExplanation(Status(), Probe.ObjectName, [], [], Probe.Emits);
        HashSet<string> loaded = [.. (Attached?.Programs ?? []).Select(p => p.Spec.Name)];
        var programs = new List<ProgramExplanation>();
        foreach (HookPlan hook in HookPlan.Of(Anatomy.Programs, Probe.KeepsOrder))
        {
            foreach (AlternativePlan alternative in hook.Alternatives)
            {
                foreach (ProgramSpec p in alternative.Programs)
                {
                    ProgramAnatomy? known = Probe.AnatomyOf(p.Name);
                    int cost = known?.EstimatedNanosecondsPerHit ?? AttachLadder.EntryCostOf(p.Kind) + p.InstructionCount / 2;
                    programs.Add(new ProgramExplanation(
                        p.Name, hook.Name, alternative.Name, p.SectionName, p.InstructionCount, loaded.Contains(p.Name), cost)
                    {
                        Anatomy = known,
                    });
                }
            }
        }

        return new ProbeExplanation(Status(), Probe.ObjectName, programs, Maps(isShared), Probe.Emits);
    }

    /// <summary>What can't be compiled here has no programs to be explained; why it can't is among the reasons.</summary>
    private bool CanBeRead()
    {
        try
        {
            return Anatomy.Programs.Count > 0;
        }
        catch (BpfException e)
        {
            if (Reasons.Count == 0) Reasons = [new ProbeReason("", e.Message)];
            return false;
        }
    }

    private IReadOnlyList<MapExplanation> Maps(Func<string, bool> isShared)
    {
        var maps = new List<MapExplanation>();
        foreach (MapSpec spec in Anatomy.Maps.Values)
        {
            BpfMap? map = Attached?.Object.Maps.GetValueOrDefault(spec.Name);
            long entries = map?.MaxEntries ?? spec.MaxEntries;
            long memory = map?.MemoryBytes ?? entries * (spec.KeySize + (spec.ValueSize + 7) / 8 * 8 * ValuesOf(spec.Type));
            maps.Add(new MapExplanation(spec.Name, MapTypeName(spec.Type), entries, memory, isShared(spec.Name)));
        }

        return maps;
    }

    private static int ValuesOf(BpfMapType type) =>
        type is BpfMapType.PerCpuHash or BpfMapType.PerCpuArray or BpfMapType.LruPerCpuHash ? BpfMap.PossibleCpus : 1;

    private static string MapTypeName(BpfMapType type) => type switch
    {
        BpfMapType.PerCpuHash => "percpu_hash",
        BpfMapType.PerCpuArray => "percpu_array",
        BpfMapType.LruHash => "lru_hash",
        BpfMapType.LruPerCpuHash => "lru_percpu_hash",
        BpfMapType.PerfEventArray => "perf_event_array",
        _ => type.ToString().ToLowerInvariant(),
    };
}
