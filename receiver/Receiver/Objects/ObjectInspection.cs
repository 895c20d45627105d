using EbpfReceiver.Bpf;

namespace EbpfReceiver.Objects;

/// <summary>Reads an object, links its programs against the types of a kernel, and asks the running kernel for its verdict.</summary>
internal static class ObjectInspection
{
    /// <param name="path">The object.</param>
    /// <param name="typesPath">Types to relocate against; null: the running kernel's and its modules'.</param>
    /// <param name="load">Whether to load the programs.</param>
    public static ObjectReport Run(string path, string? typesPath, bool load)
    {
        try
        {
            BpfObjectSpec spec = BpfObjectSpec.Parse(ReadFile(path), NameOf(path));
            BtfTypes? kernel = File.Exists(BtfTypes.KernelPath) && (load || typesPath is null) ? BtfTypes.LoadKernel() : null;
            BtfTypes? types = typesPath is null ? null : BtfTypes.LoadFile(typesPath);
            IReadOnlyList<ModuleTypes>? modules = types is null && kernel is not null ? ModuleTypes.OfKernel(kernel) : null;

            var programs = spec.Programs.Select(p => Link(spec, p, types ?? kernel, modules)).ToList();
            string? error = load ? Load(spec, new BpfObjectOptions { KernelTypes = kernel, RelocationTypes = types }, programs) : null;
            var maps = spec.Maps.Values.OrderBy(m => m.Name.StartsWith('.')).ToList();
            return new ObjectReport(programs, maps, spec.Externs, error);
        }
        catch (BpfException e)
        {
            return ObjectReport.Refused(e.Message);
        }
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BpfException($"The object {path} can't be read: {e.Message}", e);
        }
    }

    /// <summary>The kernel shows the name of the object with its data sections, so it is kept short.</summary>
    private static string NameOf(string path)
    {
        string name = Path.GetFileName(path);
        int dot = name.IndexOf('.');
        return dot > 0 ? name[..dot] : name.Length > 0 ? name : "object";
    }

    private static ProgramReport Link(BpfObjectSpec spec, ProgramSpec program, BtfTypes? types, IReadOnlyList<ModuleTypes>? modules)
    {
        try
        {
            LinkedProgram linked = ProgramLinker.Link(spec, program, types, modules);
            return new ProgramReport { Spec = program, Instructions = linked.InstructionsAsInObject(), Relocations = linked.Relocations };
        }
        catch (BpfRelocationException e)
        {
            return new ProgramReport { Spec = program, Relocations = e.Relocations, Error = e.Message };
        }
        catch (BpfException e)
        {
            return new ProgramReport { Spec = program, Error = e.Message };
        }
    }

    /// <summary>Asks for each program that could be linked; gives why the object as a whole can't be made.</summary>
    private static string? Load(BpfObjectSpec spec, BpfObjectOptions options, List<ProgramReport> programs)
    {
        try
        {
            using var loaded = BpfObject.Create(spec, options);
            for (int i = 0; i < programs.Count; i++)
                programs[i] = programs[i].Error is null ? Load(loaded, programs[i]) : programs[i] with { Loaded = false };
            return null;
        }
        catch (BpfException e)
        {
            for (int i = 0; i < programs.Count; i++)
                programs[i] = programs[i] with { Loaded = false, Error = programs[i].Error ?? e.Message };
            return e.Message;
        }
    }

    private static ProgramReport Load(BpfObject loaded, ProgramReport program)
    {
        try
        {
            return program with { Loaded = true, VerifiedInstructions = loaded.Load(program.Spec.Name).Info().VerifiedInstructions };
        }
        catch (BpfException e)
        {
            return program with { Loaded = false, Error = e.Message };
        }
    }
}
