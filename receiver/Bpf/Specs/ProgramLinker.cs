namespace EbpfReceiver.Bpf;

/// <summary>
/// Makes an entry program loadable: appends the subprograms it reaches, resolves calls and references to maps, and adapts it
/// to the types of a kernel (CO-RE). Needs no kernel; the same input gives the same bytes.
/// </summary>
public static class ProgramLinker
{
    /// <summary>Links a program.</summary>
    /// <param name="spec">The object.</param>
    /// <param name="program">One of its entry programs.</param>
    /// <param name="kernel">
    /// Types of the kernel to run on; may be null for programs that do not depend on any.
    /// </param>
    /// <param name="modules">Types of its modules, which are searched for what the kernel itself does not have; or null.</param>
    /// <returns>
    /// The program. Uses of kernel types that this kernel does not have are no error here, since the program may test for them
    /// first: their instructions are replaced by ones that the verifier refuses if they can be reached
    /// (<see cref="LinkedProgram.Relocations"/>).
    /// </returns>
    /// <exception cref="BpfRelocationException">
    /// The program refers to something that neither the object nor the kernel has, or that is ambiguous.
    /// </exception>
    /// <exception cref="BpfFormatException">The object or the kernel's BTF is malformed.</exception>
    public static LinkedProgram Link(
        BpfObjectSpec spec, ProgramSpec program, BtfTypes? kernel, IReadOnlyList<ModuleTypes>? modules = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(program);

        var layout = new FunctionLayout(spec, program);
        var instructions = layout.Instructions();
        var functionInfo = InfoRebase.Functions(layout);
        // The kernel takes lines only with functions.
        var lineInfo = functionInfo.Bytes.Length > 0 ? InfoRebase.Lines(layout) : default((byte[] Bytes, int RecordSize)?);
        return new(spec.Types)
        {
            Name = program.Name,
            Maps = layout.Maps.ToArray(),
            OriginalMapLoads = layout.OriginalMapLoads,
            Externs = layout.Externs.ToArray(),
            FuncInfo = functionInfo.Bytes,
            FuncInfoRecordSize = functionInfo.RecordSize,
            LineInfo = lineInfo?.Bytes ?? [],
            LineInfoRecordSize = lineInfo?.RecordSize ?? 0,
            Relocations = CoreRelocator.Apply(layout, instructions, kernel, modules),
            Instructions = instructions,
        };
    }
}
