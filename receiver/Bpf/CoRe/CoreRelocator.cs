namespace EbpfReceiver.Bpf;

/// <summary>Applies the CO-RE relocations of all functions of a linked program.</summary>
internal sealed class CoreRelocator
{
    private readonly FunctionLayout _layout;
    private readonly CoreSolver _solver;

    private CoreRelocator(FunctionLayout layout, CoreSolver solver)
    {
        _layout = layout;
        _solver = solver;
    }

    /// <returns>The results in the order of the instructions.</returns>
    /// <exception cref="BpfRelocationException">A relocation is ambiguous, or does not fit its instruction.</exception>
    /// <exception cref="BpfFormatException">A relocation or a type is malformed.</exception>
    internal static RelocationResult[] Apply(
        FunctionLayout layout, Span<byte> code, BtfTypes? kernel, IReadOnlyList<ModuleTypes>? modules)
    {
        if (layout.Spec.Types is not { } types)
            return [];
        var relocator = new CoreRelocator(layout, new(types, kernel, modules, layout.Spec.IsBigEndian));
        var results = new List<RelocationResult>();
        foreach (var (function, index, start, relocation) in relocator.InFileOrder())
            results.Add(relocator.Apply(relocation, function, index, start, code));
        results.Sort(static (a, b) => a.InstructionIndex.CompareTo(b.InstructionIndex));
        return results.Find(static r => r.IsRefused) is { } refused
            ? throw new BpfRelocationException(layout.Program.Name, refused.Problem!) { Relocations = results }
            : [.. results];
    }

    /// <summary>
    /// A candidate that one relocation drops is none for the later ones of the same type, so their order matters: the reference
    /// loader's is that of the file.
    /// </summary>
    private List<(ObjectFunction Function, int Index, int Start, CoreRelocation Relocation)> InFileOrder()
    {
        var found = new List<(int At, ObjectFunction Function, int Index, int Start, CoreRelocation Relocation)>();
        foreach (var (function, start) in _layout.Functions)
        {
            var table = function.Section.CoreRelocations;
            var (first, count) = table.Range(function.Start, function.InstructionCount);
            if (count > _layout.InstructionCount - found.Count)
                throw new BpfFormatException($"The program {_layout.Program.Name} has more relocations than instructions.");
            for (var i = first; i < first + count; i++)
            {
                if (table.OffsetOf(i) % InstructionView.Size != 0)
                {
                    throw new BpfFormatException(
                        $"A relocation of {function.Name} is in the middle of an instruction ({_layout.Program.Name}).");
                }
                var index = (int)(table.OffsetOf(i) / InstructionView.Size) - function.Start;
                found.Add((table.PlaceOf(i), function, index, start, CoreRelocation.Read(table[i])));
            }
        }
        found.Sort(static (a, b) => a.At.CompareTo(b.At));
        return found.ConvertAll(static f => (f.Function, f.Index, f.Start, f.Relocation));
    }

    private RelocationResult Apply(CoreRelocation relocation, ObjectFunction function, int index, int start, Span<byte> code)
    {
        CoreResolution resolution;
        try
        {
            resolution = _solver.Solve(relocation);
        }
        catch (BpfFormatException e)
        {
            throw new BpfFormatException($"{e.Message} ({Place(function, index)})", e);
        }

        var outcome = resolution.Error is { } error
            ? PatchOutcome.Refuse(error)
            : InstructionPatcher.Apply(code, start + index, resolution, relocation.Kind);
        var problem = outcome.Refusal is { } refusal
            ? $"The relocation ({relocation.Kind}) of {resolution.Subject} {refusal} ({Place(function, index)})."
            // A field of another size only matters to loads and stores.
            : outcome.IsPoisoned ? $"{Capital(resolution.Problem!)} ({Place(function, index)})." : null;
        return new(
            start + index, relocation.Kind, resolution.Subject, resolution.Local.Value, resolution.Target?.Value, resolution.TargetTypeId,
            problem)
        {
            Source = InfoRebase.LineOfRelocated(_layout.Spec.Types!, function, index),
            AccessSize = outcome.IsAccess ? (resolution.Local.AccessSize, resolution.Target?.AccessSize ?? 0) : default,
            Cause = outcome.IsPoisoned ? resolution.Problem : null,
            IsRefused = outcome.Refusal is not null,
        };
    }

    private string Place(ObjectFunction function, int index)
    {
        var line = InfoRebase.LineOfRelocated(_layout.Spec.Types!, function, index) ?? $"instruction {index} of {function.Name}";
        return $"program {_layout.Program.Name}, {line}";
    }

    private static string Capital(string sentence) => char.ToUpperInvariant(sentence[0]) + sentence[1..];
}
