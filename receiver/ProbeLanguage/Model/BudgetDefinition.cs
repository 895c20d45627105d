namespace EbpfReceiver.ProbeLanguage;

/// <summary>What a probe may cost before it is sampled down; null is "not written".</summary>
/// <param name="Cpu">Share of one CPU, 0.01 for 1 %.</param>
/// <param name="Events">Hits in a time.</param>
public sealed record BudgetDefinition(double? Cpu, EventRate? Events)
{
    /// <summary>Nothing was written.</summary>
    public static BudgetDefinition None { get; } = new(null, null);
}
