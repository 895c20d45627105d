namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>updown</c>: a sum that goes up and down.</summary>
public sealed record UpDownDefinition : MetricDefinition;
