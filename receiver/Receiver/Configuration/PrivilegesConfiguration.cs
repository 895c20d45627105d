namespace EbpfReceiver.Configuration;

/// <summary>Key <c>privileges</c>: what the process gives up.</summary>
public sealed record PrivilegesConfiguration
{
    /// <summary>What it may still do once its probes are attached.</summary>
    public PrivilegesAfterAttach AfterAttach { get; init; } = PrivilegesAfterAttach.Attach;
}
