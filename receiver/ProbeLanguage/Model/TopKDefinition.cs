namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>topk</c>: a sum, of which the series with the largest values are sent and the rest in one.</summary>
public sealed record TopKDefinition : MetricDefinition
{
    /// <summary>How many; 10 if not written, 1000 at most.</summary>
    public int Count { get; init; } = 10;
}
