namespace EbpfReceiver.Bpf;

/// <summary>What a program is verified for: the type of a tracepoint or of a function in the BTF of the kernel or of a module.</summary>
/// <param name="TypeId">The type's id; 0 for programs that have no such target.</param>
/// <param name="Module">The module that has it; null for the kernel proper.</param>
internal readonly record struct AttachTarget(uint TypeId, ModuleTypes? Module)
{
    /// <summary>Finds the target of a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="kernel">Types of the kernel; null if it shows none.</param>
    /// <param name="modules">Gives its modules; asked only if the kernel proper does not have the target.</param>
    /// <exception cref="BpfLoadException">The kernel does not have the target.</exception>
    public static AttachTarget Find(ProgramSpec program, BtfTypes? kernel, Func<IReadOnlyList<ModuleTypes>> modules)
    {
        var (prefix, kind, what) = program.Kind switch
        {
            ProgramKind.TpBtf => ("btf_trace_", BtfKind.Typedef, "tracepoint"),
            ProgramKind.Fentry or ProgramKind.Fexit or ProgramKind.FmodRet or ProgramKind.Fsession => ("", BtfKind.Function, "function"),
            ProgramKind.Lsm or ProgramKind.LsmCgroup => ("bpf_lsm_", BtfKind.Function, "security hook"),
            ProgramKind.Iterator => ("bpf_iter_", BtfKind.Function, "iterator"),
            _ => ("", BtfKind.Void, ""),
        };
        if (kind == BtfKind.Void)
            return default;
        var name = $"Program {program.Name} ({program.SectionName})";
        if (program.AttachTarget.Length == 0)
            throw new BpfLoadException(program.Name, $"{name} names no {what} to be loaded for; set its AttachTarget.");
        if (kernel is null)
        {
            throw new BpfLoadException(
                program.Name, $"{name} needs the kernel's types: {KernelFeatures.Probe(KernelFeature.KernelTypes).Reason}");
        }

        // "module:function" says where to look.
        var colon = program.AttachTarget.IndexOf(':');
        var symbol = prefix + program.AttachTarget[(colon + 1)..];
        var only = colon < 0 ? null : program.AttachTarget[..colon];
        if (only is null or "vmlinux" && kernel.TryFind(symbol, kind, out var id))
            return new(id, null);
        if (only != "vmlinux")
        {
            foreach (var module in modules())
            {
                if ((only is null || module.Name == only) && module.Types is { } types && types.TryFind(symbol, kind, out id))
                    return new(id, module);
            }
        }

        throw new BpfLoadException(
            program.Name,
            $"{name} can't be loaded: the kernel's types have no {what} {program.AttachTarget}"
                + (what == "function" ? " (it may be inlined, renamed, or part of a module that is not loaded)." : ".")
                + (KernelFeatures.Probe(KernelFeature.ModuleTypes).IsAvailable
                    ? ""
                    : $" Those of modules are told since Linux {KernelFeatures.Find(KernelFeature.ModuleTypes).MinimumKernel}."));
    }
}
