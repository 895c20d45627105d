namespace EbpfReceiver.Terminal;

/// <summary>What one process did in an interval.</summary>
internal sealed class ProcessActivity(ResourceName name)
{
    public ResourceName Name { get; } = name;

    /// <summary>Seconds on CPU.</summary>
    public double CpuTime { get; set; }

    public double NetworkSent { get; set; }

    public double NetworkReceived { get; set; }

    /// <summary>Bytes through TLS, before encryption.</summary>
    public double TlsSent { get; set; }

    public double TlsReceived { get; set; }

    public LatencyDistribution RunQueue { get; } = new();

    public double Bytes => NetworkSent + NetworkReceived + TlsSent + TlsReceived;
}
