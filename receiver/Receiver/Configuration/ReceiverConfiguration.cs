namespace EbpfReceiver.Configuration;

/// <summary>The whole configuration, as read from files, <c>--set</c> and the environment. Nothing in it changes while the receiver runs.</summary>
public sealed record ReceiverConfiguration
{
    /// <summary>Key <c>receiver</c>: the gRPC endpoint.</summary>
    public required ListenerConfiguration Receiver { get; init; }

    /// <summary>Key <c>probes</c>: what is observed and how it is attached.</summary>
    public required ProbesConfiguration Probes { get; init; }

    /// <summary>Key <c>exporters</c>: where telemetry goes.</summary>
    public required ExportersConfiguration Exporters { get; init; }

    /// <summary>Key <c>metrics</c>: how aggregates become metric points.</summary>
    public required MetricsConfiguration Metrics { get; init; }

    /// <summary>Key <c>processes</c>: which processes are observed.</summary>
    public required ProcessesConfiguration Processes { get; init; }

    /// <summary>Key <c>resource</c>: attributes of everything that is sent.</summary>
    public required ResourceConfiguration Resource { get; init; }

    /// <summary>Key <c>privileges</c>: what the process gives up.</summary>
    public PrivilegesConfiguration Privileges { get; init; } = new();

    /// <summary>Key <c>log</c>: the receiver's own log.</summary>
    public required LogConfiguration Log { get; init; }

    /// <summary>Key <c>memory_limit_mib</c>: resident memory, in MiB, beyond which less is taken in; null: no limit.</summary>
    public int? MemoryLimitMib { get; init; }

    /// <summary>What it was read from, merged and expanded, so that two configurations can be compared key by key.</summary>
    internal MapNode Document { get; init; } = new(new ConfigurationLocation(""), []);
}
