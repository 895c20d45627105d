namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>counter</c>: how often; with a value, a monotonic sum of it.</summary>
public sealed record CounterDefinition : MetricDefinition;
