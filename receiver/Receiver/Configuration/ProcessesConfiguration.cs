namespace EbpfReceiver.Configuration;

/// <summary>Key <c>processes</c>: which processes are observed. With nothing included all are; what is excluded never is.</summary>
public sealed record ProcessesConfiguration
{
    /// <summary>A process is observed when one of these matches; empty: every process.</summary>
    public required IReadOnlyList<ProcessPattern> Include { get; init; }

    /// <summary>A process is not observed when one of these matches.</summary>
    public required IReadOnlyList<ProcessPattern> Exclude { get; init; }
}
