using EbpfReceiver.Bpf;

namespace EbpfReceiver.Probes;

/// <summary>A hook of an object, with its alternatives in the order in which they are tried.</summary>
/// <param name="Name">The hook.</param>
/// <param name="Alternatives">All alternatives, best first.</param>
internal sealed record HookPlan(string Name, IReadOnlyList<AlternativePlan> Alternatives)
{
    private const string Separator = "__";

    /// <summary>Hooks of programs attach to library files, as they are found.</summary>
    public bool IsInLibraries => Alternatives[0].Kind is ProgramKind.Uprobe or ProgramKind.Uretprobe;

    /// <summary>
    /// Reads the hooks out of program names, <c>hook__alternative</c> or <c>hook__alternative__part</c>. Alternatives are tried by the kind
    /// of their first program, best first, and those of one kind in the order of the file.
    /// </summary>
    /// <param name="programs">The programs.</param>
    /// <param name="keepOrder">Alternatives are tried in the order of the file, whatever their kind.</param>
    public static IReadOnlyList<HookPlan> Of(IReadOnlyList<ProgramSpec> programs, bool keepOrder = false)
    {
        var hooks = new List<(string Name, List<(string Name, List<ProgramSpec> Programs)> Alternatives)>();
        foreach (ProgramSpec program in programs)
        {
            string[] parts = program.Name.Split(Separator);
            if (parts.Length is not (2 or 3))
                throw new BpfException($"Program {program.Name} is not called hook__alternative or hook__alternative__part.");
            int hook = hooks.FindIndex(h => h.Name == parts[0]);
            if (hook < 0)
            {
                hook = hooks.Count;
                hooks.Add((parts[0], []));
            }

            var alternatives = hooks[hook].Alternatives;
            int alternative = alternatives.FindIndex(a => a.Name == parts[1]);
            if (alternative < 0)
            {
                alternative = alternatives.Count;
                alternatives.Add((parts[1], []));
            }

            alternatives[alternative].Programs.Add(program);
        }

        return [.. hooks.Select(h => new HookPlan(
            h.Name,
            [.. h.Alternatives.Select(a => new AlternativePlan(a.Name, a.Programs)).OrderBy(a => keepOrder ? 0 : AttachLadder.RankOf(a.Kind))]))];
    }
}
