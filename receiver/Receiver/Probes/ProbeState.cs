namespace EbpfReceiver.Probes;

/// <summary>What a probe is doing.</summary>
public enum ProbeState
{
    /// <summary>Excluded by the configuration or switched off at run time; nothing of it is in the kernel.</summary>
    Disabled,

    /// <summary>Its programs are being loaded and attached.</summary>
    Loading,

    /// <summary>Every hook is attached.</summary>
    Running,

    /// <summary>It runs, but a hook is missing, or what its scope names is not there: <see cref="ProbeStatus.Reasons"/> says which and why.</summary>
    Degraded,

    /// <summary>A required hook could not be attached: it sees nothing.</summary>
    Failed,
}
