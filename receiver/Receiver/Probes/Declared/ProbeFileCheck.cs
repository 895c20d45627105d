using EbpfReceiver.Bpf;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>Checks probe files as far as that goes without loading anything: read, bound to this machine, compiled.</summary>
internal static class ProbeFileCheck
{
    /// <summary>A line for each probe of a file: what it would be here.</summary>
    /// <param name="text">The file.</param>
    /// <param name="path">Its name.</param>
    /// <exception cref="ProbeLanguageException">Something in it is wrong.</exception>
    public static IReadOnlyList<string> Run(string text, string path)
    {
        ProbeFile file = ProbeFile.Parse(text, path);
        var machine = new RunningMachine();
        var lines = new List<string>();
        var wrong = new List<ProbeDiagnostic>();
        foreach (ProbeDefinition definition in file.Probes)
        {
            try
            {
                lines.Add($"{definition.Name}: {Describe(definition, machine)}");
            }
            catch (ProbeLanguageException e)
            {
                wrong.AddRange(e.Diagnostics);
            }
        }

        return wrong.Count == 0 ? lines : throw new ProbeLanguageException(wrong);
    }

    private static string Describe(ProbeDefinition definition, ProbeTarget machine)
    {
        if (machine.Types is null) return "read; this kernel shows no types (BTF), so that it can't be bound here";
        ProbeBinding binding = ProbeBinder.Bind(definition, machine);
        if (binding.Probe is not { } bound) return $"not on this machine: {binding.MissingReason}";
        CompiledProbe compiled;
        try
        {
            compiled = ProbeCompiler.Compile(bound, new CompilerOptions { KernelTypes = machine.Types });
        }
        catch (BpfException e)
        {
            throw new ProbeLanguageException([new ProbeDiagnostic(definition.Location, definition.Name, e.Message)]);
        }

        ProgramCost worst = compiled.Programs.Select(p => p.Cost).MaxBy(c => c.EstimatedNanoseconds)!;
        string programs = compiled.Programs.Count == 1 ? "1 program" : $"{compiled.Programs.Count} programs";
        return $"{programs}, at most {worst.WorstCaseInstructions} instructions and about "
            + $"{worst.EstimatedNanoseconds} ns a hit, {compiled.MapMemory(BpfMap.PossibleCpus) >> 10} KiB of maps";
    }
}
