using EbpfReceiver.Bpf;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>Makes probes of what was written: bound to this machine, compiled to BPF. Safe for any number of threads.</summary>
/// <param name="target">Makes the machine that probes are bound to; asked for when there is none in memory.</param>
internal sealed class ProbeForge(Func<ProbeTarget> target)
{
    // What a machine has read of itself is shared by probes that are made one after the other, and let go when memory is wanted.
    private readonly WeakReference<ProbeTarget?> _machine = new(null);
    private int _lastId;

    /// <summary>Binds and compiles a probe.</summary>
    /// <returns>The probe, what its alternatives and sets mean, and the number that its samples are marked with.</returns>
    /// <exception cref="BpfException">This machine does not have what the probe needs, or the probe is wrong; the message says where.</exception>
    public ForgedProbe Make(ProbeDefinition definition)
    {
        uint id = (uint)Interlocked.Increment(ref _lastId);
        try
        {
            ProbeTarget machine = Machine();
            ProbeBinding binding = ProbeBinder.Bind(definition, machine);
            if (binding.Probe is not { } bound)
                throw new HooksMissingException($"This machine has none of the hooks of {definition.Name}. {binding.MissingReason}");
            var options = new CompilerOptions { ProbeId = id, KernelTypes = machine.Types };
            return new ForgedProbe(binding, ProbeCompiler.Compile(bound, options), id);
        }
        catch (ProbeLanguageException e)
        {
            throw new BpfException(e.Message, e);
        }
    }

    private ProbeTarget Machine()
    {
        lock (_machine)
        {
            if (!_machine.TryGetTarget(out ProbeTarget? machine)) _machine.SetTarget(machine = target());
            return machine;
        }
    }
}
