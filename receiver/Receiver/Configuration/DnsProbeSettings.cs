namespace EbpfReceiver.Configuration;

/// <summary>Key <c>probes.settings.dns</c>.</summary>
public sealed record DnsProbeSettings
{
    /// <summary>Whether every lookup is a span; the metrics stay either way.</summary>
    public required bool Spans { get; init; }

    /// <summary>Distinct question names that metrics tell apart; more are counted under <c>_OTHER</c>. 0: names are left out of metrics.</summary>
    public required int MaxNames { get; init; }

    /// <summary>Absolute paths of C libraries to attach to besides those that are found.</summary>
    public required IReadOnlyList<string> Libraries { get; init; }
}
