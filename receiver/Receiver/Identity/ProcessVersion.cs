using EbpfReceiver.Otlp;

namespace EbpfReceiver.Identity;

/// <summary>What a process was from one exec to the next.</summary>
/// <param name="from">When it became this; ns, CLOCK_MONOTONIC. 0: before the receiver looked.</param>
/// <param name="description">What it is.</param>
/// <param name="isKnown">False for a process that was gone before it could be described.</param>
internal sealed class ProcessVersion(ulong from, ProcessDescription description, bool isKnown)
{
    /// <summary>When it became this; ns, CLOCK_MONOTONIC.</summary>
    public ulong From { get; } = from;

    /// <summary>What it is.</summary>
    public ProcessDescription Description { get; } = description;

    /// <summary>False for a process that was gone before it could be described: its items count as identity misses.</summary>
    public bool IsKnown { get; } = isKnown;

    /// <summary>Whether the configuration lets it be observed; null until that was asked.</summary>
    public bool? IsObserved { get; set; }

    /// <summary>The resource of its items, once it was needed; it is the same whoever builds it.</summary>
    public EncodedResource? Resource { get; set; }
}
