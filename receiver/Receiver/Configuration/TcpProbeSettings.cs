namespace EbpfReceiver.Configuration;

/// <summary>Key <c>probes.settings.tcp</c>.</summary>
public sealed record TcpProbeSettings
{
    /// <summary>Whether every connection is a span; the metrics stay either way.</summary>
    public required bool Spans { get; init; }
}
