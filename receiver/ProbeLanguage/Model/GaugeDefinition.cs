namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>gauge</c>: the last, smallest or largest value.</summary>
public sealed record GaugeDefinition : MetricDefinition
{
    /// <summary>Which.</summary>
    public GaugeMode Mode { get; init; }
}
