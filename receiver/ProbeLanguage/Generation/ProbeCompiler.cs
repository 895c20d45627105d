using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Compiles bound probes to BPF. Pure: the same probe and options give the same bytes, and no kernel is asked.</summary>
public static class ProbeCompiler
{
    /// <summary>Compiles a probe.</summary>
    /// <param name="probe">The probe.</param>
    /// <param name="options">What it depends on; null: the defaults.</param>
    /// <exception cref="BpfException">A program needs more than it may have; the message says which, and of what.</exception>
    public static CompiledProbe Compile(BoundProbe probe, CompilerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(probe);
        options ??= new();
        var folded = ConstantFolder.Fold(probe);
        var plan = new ProbePlan(folded, options);
        var builder = new BpfObjectBuilder(probe.Name, options.License);
        var programs = new List<CompiledProgram>();
        var sets = new SortedSet<string>(StringComparer.Ordinal);
        var scratch = 0;
        foreach (var hook in folded.Hooks)
        {
            foreach (var alternative in hook.Alternatives)
            {
                foreach (var program in alternative.Programs)
                {
                    var name = $"{hook.Name}__{alternative.Name}{(program.Part.Length > 0 ? "__" : "")}{program.Part}";
                    var code = Assemble(plan, hook.Role, program, name, sets, ref scratch);
                    builder.Add(name, SectionNames.Of(program.Kind, program.Target), code);
                    programs.Add(new(name, CostModel.Of(name, program.Kind, code), code));
                }
            }
        }
        new MapPlan(builder, plan).Add(sets, scratch);
        return new()
        {
            Probe = probe,
            Object = builder.Build(),
            Programs = programs,
            Series = [.. plan.Series.Values],
            Events = [.. plan.Events.Values],
            Starts = plan.StartKey is { } key ? new(ProbePlan.StartsMap, key.Size, plan.StartValueSize, StartEntry.Time) : null,
            Sets = [.. sets.Select(static s => new SetLayout(s, ProbePlan.SetMapName(s)))],
            LossMap = ProbePlan.LossMap,
            Losses = plan.Losses,
            ThrottleMap = ProbePlan.ThrottleMap,
        };
    }

    /// <summary>With everything on the stack if it fits, else with large objects in the per-CPU map.</summary>
    private static AssembledCode Assemble(
        ProbePlan plan, HookRole role, BoundProgram program, string name, SortedSet<string> sets, ref int scratch)
    {
        foreach (var hasScratch in (ReadOnlySpan<bool>)[false, true])
        {
            var lowered = ProgramLowering.Lower(plan, role, program, hasScratch);
            if (RegisterAllocator.Allocate(lowered.Code) is not { } assigned)
                continue;
            sets.UnionWith(lowered.Sets);
            scratch = Math.Max(scratch, hasScratch ? Math.Max(lowered.ScratchSize, 8) : 0);
            return CodeEmitter.Emit(lowered.Code, assigned);
        }
        throw new BpfException(
            $"{program.Source.Location}: program {name} keeps more values at once than the 512 bytes of its stack hold: use fewer attributes, "
            + "or shorter strings.");
    }
}
