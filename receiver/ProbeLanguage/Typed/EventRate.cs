namespace EbpfReceiver.ProbeLanguage;

/// <summary>A limit on how often something happens; kept in the kernel, all CPUs together.</summary>
/// <param name="Count">How often, at least 1; also how many may come at once.</param>
/// <param name="Period">In what time.</param>
public sealed record EventRate(int Count, TimeSpan Period);
