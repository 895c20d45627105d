namespace EbpfReceiver.Terminal;

/// <summary>What the console view shows.</summary>
internal sealed record ConsoleOutletOptions
{
    /// <summary>Whether spans and log records are shown.</summary>
    public bool Events { get; init; } = true;

    /// <summary>Whether metrics are summed up.</summary>
    public bool Summary { get; init; } = true;

    /// <summary>Lines a second.</summary>
    public int MaxEventsPerSecond { get; init; } = 50;

    /// <summary>The interval of the metrics, until it is measured.</summary>
    public TimeSpan MetricsInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Batches that may wait while the terminal is slow.</summary>
    public int QueueSize { get; init; } = 256;
}
