namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>log</c>: a log record, an event if it has a name.</summary>
public sealed record LogDefinition : EventDefinition
{
    /// <summary>The event's name, as <c>linux.oom.kill</c>; empty for a plain record.</summary>
    public string Event { get; init; } = "";

    /// <summary>How bad it is.</summary>
    public LogSeverity Severity { get; init; } = LogSeverity.Info;

    /// <summary>Its text; null for none.</summary>
    public TextTemplate? Body { get; init; }
}
