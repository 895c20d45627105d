namespace EbpfReceiver.Configuration;

/// <summary>Key <c>probes.settings.process</c>.</summary>
public sealed record ProcessProbeSettings
{
    /// <summary>Whether every exec and exit is a log event; the counters stay either way.</summary>
    public required bool Events { get; init; }

    /// <summary>Whether the arguments of processes are sent, with what looks like a secret redacted.</summary>
    public required bool Arguments { get; init; }
}
