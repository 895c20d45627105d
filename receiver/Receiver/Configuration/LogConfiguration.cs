using Serilog.Events;

namespace EbpfReceiver.Configuration;

/// <summary>Key <c>log</c>: the receiver's own log, on standard error.</summary>
public sealed record LogConfiguration
{
    /// <summary>The least level that is written.</summary>
    public required LogEventLevel Level { get; init; }

    /// <summary>How lines are written.</summary>
    public required LogFormat Format { get; init; }
}
