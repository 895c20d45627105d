namespace EbpfReceiver.Configuration;

/// <summary>Key <c>probes.settings</c>: what single probes do.</summary>
public sealed record ProbeSettings
{
    /// <summary>Key <c>process</c>.</summary>
    public required ProcessProbeSettings Process { get; init; }

    /// <summary>Key <c>tcp</c>.</summary>
    public required TcpProbeSettings Tcp { get; init; }

    /// <summary>Key <c>dns</c>.</summary>
    public required DnsProbeSettings Dns { get; init; }

    /// <summary>Key <c>tls</c>.</summary>
    public required TlsProbeSettings Tls { get; init; }
}
