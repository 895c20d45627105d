namespace EbpfReceiver.Probes;

/// <summary>The probes of this receiver, to be listed, explained and switched.</summary>
public interface IProbeDirectory
{
    /// <summary>All probes there are, in the order of their names.</summary>
    IReadOnlyList<ProbeStatus> List();

    /// <summary>Explains one probe, running or not.</summary>
    /// <exception cref="UnknownProbeException">There is no probe of that name.</exception>
    ProbeExplanation Explain(string name);

    /// <summary>Attaches or detaches a probe; returns when that is done, with what came of it.</summary>
    /// <exception cref="UnknownProbeException">There is no probe of that name.</exception>
    Task<ProbeStatus> SetEnabledAsync(string name, bool enabled);

    /// <summary>Compiles and attaches the probes of a document in the language of probe files; they take the places of those with their names.</summary>
    /// <returns>The probes as they are then.</returns>
    /// <exception cref="ProbeLanguage.ProbeLanguageException">The document is wrong.</exception>
    /// <exception cref="Bpf.BpfException">This machine lacks what a probe needs, or refuses it.</exception>
    Task<IReadOnlyList<ProbeStatus>> AddAsync(string yaml);

    /// <summary>Detaches a declared probe and forgets it.</summary>
    /// <exception cref="UnknownProbeException">There is no declared probe of that name.</exception>
    Task RemoveAsync(string name);
}
