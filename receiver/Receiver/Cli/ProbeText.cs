using EbpfReceiver.Probes;
using EbpfReceiver.Terminal;

namespace EbpfReceiver.Cli;

/// <summary>Probes in words.</summary>
internal static class ProbeText
{
    public static void WriteList(TextWriter output, IReadOnlyList<ProbeStatus> probes)
    {
        int width = Math.Clamp(probes.Select(p => p.Name.Length).DefaultIfEmpty(8).Max(), 8, 32);
        string? group = null;
        foreach (ProbeStatus probe in probes.OrderBy(p => Heading(p) == Probe.BuiltIn ? "" : Heading(p), StringComparer.Ordinal).ThenBy(p => p.Name, StringComparer.Ordinal))
        {
            if (Heading(probe) != group)
            {
                if (group is not null) output.WriteLine();
                output.WriteLine(group = Heading(probe));
            }

            string sampled = probe.SamplingRatio < 1 ? $" (looks at {probe.SamplingRatio:0.####} of its hits: over its budget)" : "";
            output.WriteLine($"  {probe.Name.PadRight(width)} {State(probe),-9} {FirstLine(probe.Description)}{sampled}");
            foreach (IGrouping<string, HookStatus> kind in Attached(probe))
                output.WriteLine($"{"".PadRight(width + 13)}{string.Join(", ", kind.Select(h => h.Name))} by {kind.Key}");
            foreach (ProbeReason reason in probe.Reasons)
                output.WriteLine($"{"".PadRight(width + 13)}{Sentence(reason)}");
        }
    }

    public static void WriteExplanation(TextWriter output, ProbeExplanation explanation, bool bytecode = false)
    {
        ProbeStatus probe = explanation.Status;
        output.WriteLine($"{probe.Name}: {probe.Description}");
        output.WriteLine($"state     {State(probe)}{(probe.SamplingRatio < 1 ? $", looks at {probe.SamplingRatio:0.####} of its hits: over its budget" : "")}");
        output.WriteLine($"origin    {probe.Origin}{(probe.Group.Length > 0 ? $", group {probe.Group}" : "")}");
        output.WriteLine($"object    {explanation.ObjectName}");
        if (explanation.Emits.Count > 0)
            output.WriteLine($"gives     {string.Join($"{Environment.NewLine}          ", explanation.Emits)}");
        output.WriteLine("hooks");
        foreach (HookStatus hook in probe.Hooks)
        {
            output.WriteLine($"  {hook.Name}{(hook.Required ? "" : " (optional)")}");
            foreach (AlternativeStatus alternative in hook.Alternatives)
            {
                string outcome = alternative.Chosen ? "attached" : alternative.Refusal is null ? "not tried" : $"refused: {Cut(alternative.Refusal)}";
                output.WriteLine($"    {(alternative.Chosen ? "*" : " ")} {Label(alternative),-26} {outcome}");
            }

            foreach (string place in hook.AttachedTo)
                output.WriteLine($"      at {place}");
        }

        foreach (ProbeReason reason in probe.Reasons)
            output.WriteLine($"  {Sentence(reason)}");
        output.WriteLine("programs");
        foreach (ProgramExplanation program in explanation.Programs)
        {
            ProgramStatus? loaded = probe.Programs.FirstOrDefault(p => p.Name == program.Name);
            string runs = loaded is { RunCount: > 0 }
                ? $", {Quantity.Count(loaded.RunCount)} runs, {Quantity.Seconds(loaded.RunTime.TotalSeconds / loaded.RunCount)} each"
                : "";
            if (loaded is { Missed: > 0 and var missed }) runs += $", {Quantity.Count(missed)} hits missed";
            output.WriteLine(
                $"  {(program.Loaded ? "*" : " ")} {program.Name,-34} {program.Instructions,5} instructions, {WorstCase(program)}about {program.EstimatedNanosecondsPerHit} ns a hit{runs}");
            if (!bytecode || program.Anatomy is not { } anatomy) continue;
            foreach (string line in anatomy.Listing) output.WriteLine($"      {line}");
        }

        output.WriteLine($"maps      {Quantity.Bytes(explanation.MapMemoryBytes)} of its own");
        foreach (MapExplanation map in explanation.Maps)
        {
            output.WriteLine(
                $"    {map.Name,-28} {map.Type,-18} {Quantity.Count(map.MaxEntries),8} entries {Quantity.Bytes(map.MemoryBytes),10}{(map.Shared ? "  shared" : "")}");
        }
    }

    private static string Heading(ProbeStatus probe) => probe.Group.Length > 0 ? probe.Group : probe.Origin;

    private static string FirstLine(string text) => text.Split('\n')[0];

    private static string Sentence(ProbeReason reason) =>
        $"{(reason.Hook.Length > 0 ? reason.Hook + ": " : "")}{reason.Text}{(reason.Remedy is null ? "" : $" -> {reason.Remedy}")}";

    private static string WorstCase(ProgramExplanation program) =>
        program.Anatomy is { } anatomy ? $"at most {anatomy.WorstCaseInstructions} run with {anatomy.HelperCalls} helper calls, " : "";

    public static string State(ProbeStatus probe) => probe.State.ToString().ToLowerInvariant();

    private static IEnumerable<IGrouping<string, HookStatus>> Attached(ProbeStatus probe) => probe.Hooks
        .Where(h => h.Chosen is not null)
        .GroupBy(h => h.Alternatives.FirstOrDefault(a => a.Chosen)?.Kind ?? h.Chosen!);

    private static string Label(AlternativeStatus alternative) =>
        alternative.Name == alternative.Kind ? alternative.Name : $"{alternative.Name} ({alternative.Kind})";

    private static string Cut(string text) => TerminalText.Clean(text, 300);
}
