namespace EbpfReceiver.Configuration;

/// <summary>Key <c>metrics</c>: how aggregates become metric points.</summary>
public sealed record MetricsConfiguration
{
    /// <summary>How often the maps in the kernel are read and points are sent.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Whether points carry totals or differences.</summary>
    public required MetricTemporality Temporality { get; init; }
}
