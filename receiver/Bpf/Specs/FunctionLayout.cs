namespace EbpfReceiver.Bpf;

/// <summary>
/// Puts an entry program and all functions it reaches one behind the other, each once, a function directly behind what was
/// there when it was first called; then makes the calls relative to that order.
/// </summary>
internal sealed class FunctionLayout
{
    // The kernel verifies no more (BPF_COMPLEXITY_LIMIT_INSNS); it bounds what overlapping functions of a hostile object add up to.
    private const int MaxInstructions = 1_000_000;

    private readonly List<PlacedFunction> _functions = [];
    private readonly Dictionary<ObjectFunction, int> _starts = [];
    private readonly List<(int Instruction, ObjectFunction Target)> _calls = [];
    private readonly Stack<(PlacedFunction Function, int Next, int Relocation)> _unfinished = [];
    private readonly ReferenceReader _references;
    private int _length;

    /// <exception cref="BpfRelocationException">Something the program refers to can't be resolved.</exception>
    internal FunctionLayout(BpfObjectSpec spec, ProgramSpec program)
    {
        Spec = spec;
        Program = program;
        _references = new(spec, program);
        Place(program.Function);
        Finish();
        // The kernel jumps to it from bpf_throw(), so nothing in the program refers to it.
        if (ExceptionCallback.Of(spec, program.Function) is { } callback && !_starts.ContainsKey(callback))
        {
            Place(callback);
            Finish();
        }
    }

    internal BpfObjectSpec Spec { get; }

    internal ProgramSpec Program { get; }

    /// <summary>The entry program and its subprograms, in order.</summary>
    internal IReadOnlyList<PlacedFunction> Functions => _functions;

    internal List<MapReference> Maps { get; } = [];

    /// <summary>Uses of what the kernel is to define.</summary>
    internal List<ExternReference> Externs { get; } = [];

    /// <summary>What the halves of the loads in <see cref="Maps"/> were in the object.</summary>
    internal List<(ulong First, ulong Second)> OriginalMapLoads { get; } = [];

    /// <summary>Instructions of all functions together.</summary>
    internal int InstructionCount => _length;

    /// <summary>The instructions, with calls and map references in place.</summary>
    internal byte[] Instructions()
    {
        var code = new byte[_length * InstructionView.Size];
        foreach (var (function, start) in _functions)
            function.Instructions.CopyTo(code.AsSpan(start * InstructionView.Size));
        foreach (var (index, target) in _calls)
        {
            var instruction = InstructionView.At(code, index);
            if (instruction.IsLoadWide)
            {
                instruction.SourceRegister = InstructionView.PseudoFunction;
                InstructionView.At(code, index + 1).Immediate = 0;
            }
            instruction.Immediate = _starts[target] - index - 1;
        }
        foreach (var map in Maps)
        {
            var instruction = InstructionView.At(code, map.InstructionIndex);
            OriginalMapLoads.Add((instruction.Bits, InstructionView.At(code, map.InstructionIndex + 1).Bits));
            instruction.SourceRegister = map.ValueOffset < 0 ? InstructionView.PseudoMapFd : InstructionView.PseudoMapValue;
            instruction.Immediate = 0;
            InstructionView.At(code, map.InstructionIndex + 1).Immediate = Math.Max(map.ValueOffset, 0);
        }
        return code;
    }

    private void Finish()
    {
        while (_unfinished.TryPop(out var at))
            Scan(at.Function, at.Next, at.Relocation);
    }

    private void Place(ObjectFunction function)
    {
        var placed = new PlacedFunction(function, _length);
        if (function.InstructionCount > MaxInstructions - _length)
            throw new BpfRelocationException(Program.Name, $"The program {Program.Name} has more than {MaxInstructions} instructions.");
        _length += function.InstructionCount;
        _starts.Add(function, placed.Start);
        _functions.Add(placed);
        _unfinished.Push((placed, 0, FirstRelocation(function)));
    }

    /// <summary>Goes over a function until it calls one that is not placed yet: that comes first.</summary>
    private void Scan(PlacedFunction placed, int next, int relocationIndex)
    {
        var function = placed.Function;
        var relocations = function.Section.Relocations;
        var code = function.Instructions;
        for (; next < function.InstructionCount; next++)
        {
            var offset = (ulong)(function.Start + next) * InstructionView.Size;
            while (relocationIndex < relocations.Length && relocations[relocationIndex].Offset < offset)
                _references.RefuseUnused(function, relocations[relocationIndex++]);
            var relocated = relocationIndex < relocations.Length && relocations[relocationIndex].Offset == offset;
            var reference = relocated
                ? _references.Read(function, next, relocations[relocationIndex++])
                : _references.Read(function, next);
            var index = placed.Start + next;
            if (reference.Map is { } map)
                Maps.Add(new(index, map, reference.ValueOffset));
            else if (reference.Function is { } target)
                _calls.Add((index, target));
            else if (reference.Extern is { } used)
                Externs.Add(new(index, used));
            // The second half of a wide load is data.
            if (code[next * InstructionView.Size] == InstructionView.LoadWideOpcode)
                next++;
            if (reference.Function is { } called && !_starts.ContainsKey(called))
            {
                _unfinished.Push((placed, next + 1, relocationIndex));
                Place(called);
                return;
            }
        }
    }

    private static int FirstRelocation(ObjectFunction function)
    {
        var relocations = function.Section.Relocations;
        var start = (ulong)function.Start * InstructionView.Size;
        var low = 0;
        var high = relocations.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (relocations[middle].Offset < start)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
