namespace EbpfReceiver.Bpf;

/// <summary>Whether a feature can be used.</summary>
public enum FeatureAvailability
{
    /// <summary>It could not be found out.</summary>
    Unknown,

    /// <summary>It was used, and works.</summary>
    Yes,

    /// <summary>It was used, and is missing or refused.</summary>
    No,
}
