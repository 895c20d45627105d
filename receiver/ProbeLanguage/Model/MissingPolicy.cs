namespace EbpfReceiver.ProbeLanguage;

/// <summary>What happens where a machine has none of a probe's hooks.</summary>
public enum MissingPolicy
{
    /// <summary>The probe runs degraded, and the reasons are reported.</summary>
    Warn,

    /// <summary>The receiver does not start; a live change is refused.</summary>
    Fail,

    /// <summary>The probe is left out in silence, but listed with the reasons.</summary>
    Skip,
}
