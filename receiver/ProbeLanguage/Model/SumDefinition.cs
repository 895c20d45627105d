namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>sum</c>: a monotonic sum of a value that is never negative.</summary>
public sealed record SumDefinition : MetricDefinition;
