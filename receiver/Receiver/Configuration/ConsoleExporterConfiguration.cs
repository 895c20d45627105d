namespace EbpfReceiver.Configuration;

/// <summary>Key <c>exporters.console</c>: a readable live view on standard output.</summary>
public sealed record ConsoleExporterConfiguration
{
    /// <summary>Whether spans and log records are shown, a line each.</summary>
    public required bool Events { get; init; }

    /// <summary>Whether a summary of the metrics is shown at every interval.</summary>
    public required bool Summary { get; init; }

    /// <summary>Lines a second; what is above is counted in a line that says so.</summary>
    public required int MaxEventsPerSecond { get; init; }

    /// <summary>When colours are used.</summary>
    public required ColorChoice Color { get; init; }
}
