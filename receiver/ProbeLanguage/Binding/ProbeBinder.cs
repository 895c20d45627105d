using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Binds probes to a machine: finds their hooks, gives names their meaning and expressions their types.</summary>
public static class ProbeBinder
{
    /// <summary>Binds a probe.</summary>
    /// <param name="definition">The probe.</param>
    /// <param name="target">The machine.</param>
    /// <returns>
    /// The bound probe with the alternatives that are left; without one if the machine has none of the hooks: what becomes of that is
    /// <see cref="ProbeDefinition.Missing"/>.
    /// </returns>
    /// <exception cref="ProbeLanguageException">The probe is wrong, on this machine or on any.</exception>
    public static ProbeBinding Bind(ProbeDefinition definition, ProbeTarget target)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(target);
        try
        {
            return new ProbeBinderRun(definition, target).Bind();
        }
        catch (BpfFormatException e)
        {
            throw new ProbeLanguageException([new(definition.Location, definition.Name, $"the types of {target.Description} are malformed: {e.Message}")]);
        }
    }
}
