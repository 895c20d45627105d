using EbpfReceiver.Bpf.Interop;

namespace EbpfReceiver.Bpf;

/// <summary>The types of the modules that a program uses, open while it is loaded.</summary>
internal sealed class ModuleLeases : IDisposable
{
    private readonly List<FileDescriptor> _open = [];

    private ModuleLeases()
    {
    }

    /// <summary>Descriptors by the number that calls carry; the first is the kernel's own and unused. Null if no module is
    /// called.</summary>
    internal int[]? ForCalls { get; private set; }

    /// <summary>Descriptor of the module that the program is attached to; 0 for the kernel proper.</summary>
    internal int ForAttachment { get; private set; }

    /// <summary>Opens what a program uses, and writes the descriptors of variables into its instructions.</summary>
    /// <exception cref="BpfException">A module has gone, or can't be opened.</exception>
    internal static ModuleLeases Open(LinkedProgram program, List<ModuleTypes> called, ModuleTypes? attachedTo)
    {
        var leases = new ModuleLeases();
        try
        {
            if (attachedTo is not null)
                leases.ForAttachment = leases.Open(attachedTo);
            if (called.Count > 0)
                leases.ForCalls = [0, .. called.ConvertAll(leases.Open)];
            foreach (var (index, module) in program.ModuleVariables)
                InstructionView.At(program.Instructions, index + 1).Immediate = leases.Open(module);
            return leases;
        }
        catch
        {
            leases.Dispose();
            throw;
        }
    }

    public void Dispose() => _open.ForEach(static d => d.Dispose());

    private int Open(ModuleTypes module)
    {
        var descriptor = ModuleDescriptors.Open(module.Name);
        _open.Add(descriptor);
        return (int)descriptor.DangerousGetHandle();
    }
}
