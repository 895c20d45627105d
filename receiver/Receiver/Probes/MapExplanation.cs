namespace EbpfReceiver.Probes;

/// <summary>A map of a probe.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The kernel's map type, such as <c>percpu_hash</c>.</param>
/// <param name="MaxEntries">Its capacity in entries.</param>
/// <param name="MemoryBytes">Memory that the kernel holds for it; estimated from the sizes if the probe is not loaded.</param>
/// <param name="Shared">It serves all probes, and is not counted as this one's.</param>
public sealed record MapExplanation(string Name, string Type, long MaxEntries, long MemoryBytes, bool Shared);
