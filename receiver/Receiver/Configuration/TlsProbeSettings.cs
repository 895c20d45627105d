namespace EbpfReceiver.Configuration;

/// <summary>Key <c>probes.settings.tls</c>.</summary>
public sealed record TlsProbeSettings
{
    /// <summary>Absolute paths of OpenSSL libraries to attach to besides those that are found.</summary>
    public required IReadOnlyList<string> Libraries { get; init; }
}
