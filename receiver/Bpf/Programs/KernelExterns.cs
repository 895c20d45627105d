namespace EbpfReceiver.Bpf;

/// <summary>Finds in the running kernel and its modules what programs use of them, and writes it into their instructions.</summary>
internal sealed class KernelExterns(BtfTypes? kernel, IReadOnlyList<ModuleTypes> modules)
{
    /// <summary>
    /// Immediate of a call of a weak function that the kernel does not have, plus the index of the extern; the reference loader uses the
    /// same.
    /// </summary>
    internal const int PoisonedFunction = 2002000000;

    /// <summary>Writes each use; gives the modules whose descriptors the kernel must be handed, in the order of their numbers from 1
    /// on.</summary>
    /// <exception cref="BpfLoadException">The kernel has no such thing, or one of another type.</exception>
    internal List<ModuleTypes> Apply(BpfObjectSpec spec, LinkedProgram program)
    {
        var used = new List<ModuleTypes>();
        var found = new Dictionary<ExternSpec, KernelExtern>();
        foreach (var (index, wanted) in program.Externs)
        {
            if (!found.TryGetValue(wanted, out var place))
                found.Add(wanted, place = Find(spec, program.Name, wanted));
            Write(program, index, wanted, place, used, spec);
        }
        return used;
    }

    private static void Write(
        LinkedProgram program, int index, ExternSpec wanted, KernelExtern found, List<ModuleTypes> used, BpfObjectSpec spec)
    {
        var instruction = InstructionView.At(program.Instructions, index);
        if (instruction.Opcode != InstructionView.CallOpcode)
        {
            var high = InstructionView.At(program.Instructions, index + 1);
            if (found.TypeId == 0)
            {
                instruction.Immediate = (int)found.Address;
                high.Immediate = (int)(found.Address >> 32);
                return;
            }
            instruction.SourceRegister = InstructionView.PseudoBtfId;
            instruction.Immediate = (int)found.TypeId;
            high.Immediate = 0;
            // The loader replaces the number by the descriptor.
            if (found.Module is { } owner)
                program.ModuleVariables.Add((index, owner));
            return;
        }
        if (found.TypeId == 0)
        {
            instruction.SourceRegister = 0;
            instruction.Immediate = PoisonedFunction + spec.Externs.TakeWhile(e => e != wanted).Count();
            return;
        }
        instruction.SourceRegister = InstructionView.PseudoKernelCall;
        instruction.Immediate = (int)found.TypeId;
        instruction.Offset = 0;
        if (found.Module is { } module)
        {
            if (!used.Contains(module))
                used.Add(module);
            instruction.Offset = (short)(used.IndexOf(module) + 1);
        }
    }

    private KernelExtern Find(BpfObjectSpec spec, string program, ExternSpec wanted)
    {
        if (wanted.Kind == ExternKind.Symbol)
            return FindAddress(program, wanted);
        var kind = wanted.Kind == ExternKind.Function ? BtfKind.Function : BtfKind.Variable;
        if (kernel is null)
        {
            return wanted.IsWeak
                ? default
                : throw Refuse(program, wanted, "which only the kernel's types can tell, and it shows none (CONFIG_DEBUG_INFO_BTF)");
        }
        if (Find(kernel, kind, wanted) is { } id)
            return Checked(spec, program, wanted, kernel, id, null);
        foreach (var module in modules)
        {
            if (module.Types is { } types && Find(types, kind, wanted) is { } inModule)
                return Checked(spec, program, wanted, types, inModule, module);
        }
        return wanted.IsWeak
            ? default
            : throw Refuse(program, wanted, "which neither this kernel nor one of its loaded modules has");
    }

    private static uint? Find(BtfTypes types, BtfKind kind, ExternSpec wanted) =>
        types.TryFind(wanted.KernelName, kind, out var id) ? id : null;

    private static KernelExtern Checked(
        BpfObjectSpec spec, string program, ExternSpec wanted, BtfTypes types, uint id, ModuleTypes? module)
    {
        var local = spec.Types!.Resolve(wanted.TypeId).Id;
        var target = types.Resolve(types[id].TargetId).Id;
        if (new TypeCompatibility(spec.Types, types, new MatchBudget()).AreCompatible(local, target))
            return new(id, module, 0);
        // As the reference loader: a program can do without a function of that type, but not take a variable for another.
        return wanted.IsWeak && wanted.Kind == ExternKind.Function
            ? default
            : throw Refuse(program, wanted, $"which this kernel has as {types.Describe(target)}");
    }

    private static KernelExtern FindAddress(string program, ExternSpec wanted)
    {
        ulong? address;
        try
        {
            address = KernelSymbolTable.AddressOf(wanted.Name);
        }
        catch (BpfException e)
        {
            throw new BpfLoadException(program, $"Program {program} can't be loaded: {e.Message}");
        }
        return address switch
        {
            null when !wanted.IsWeak => throw Refuse(program, wanted, "which is not in /proc/kallsyms"),
            0 when !wanted.IsWeak => throw Refuse(
                program, wanted, "whose address the kernel hides (it takes CAP_SYSLOG, or kernel.kptr_restrict=0)"),
            _ => new(0, null, address ?? 0),
        };
    }

    private static BpfLoadException Refuse(string program, ExternSpec wanted, string why)
    {
        var what = wanted.Kind switch
        {
            ExternKind.Function => $"calls the kernel function {wanted.Name} ({wanted.TypeName})",
            ExternKind.Variable => $"uses the kernel variable {wanted.Name} ({wanted.TypeName})",
            _ => $"uses the kernel symbol {wanted.Name}",
        };
        return new(program, $"Program {program} {what}, {why}.");
    }

    /// <summary>Where something is.</summary>
    /// <param name="TypeId">Its id in the types of the kernel or the module; 0 if it has only an address, or is not there.</param>
    /// <param name="Module">The module that has it; null for the kernel proper.</param>
    /// <param name="Address">Its address, where it has no type.</param>
    private readonly record struct KernelExtern(uint TypeId, ModuleTypes? Module, ulong Address);
}
