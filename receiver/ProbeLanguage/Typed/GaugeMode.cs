namespace EbpfReceiver.ProbeLanguage;

/// <summary>Which value a gauge keeps.</summary>
public enum GaugeMode
{
    /// <summary>The last, of all CPUs.</summary>
    Last,

    /// <summary>The least since user space last took it.</summary>
    Minimum,

    /// <summary>The greatest since user space last took it.</summary>
    Maximum,
}
