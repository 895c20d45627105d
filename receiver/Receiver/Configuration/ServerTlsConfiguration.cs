using System.Security.Authentication;

namespace EbpfReceiver.Configuration;

/// <summary>Keys <c>tls</c> of listeners.</summary>
public sealed record ServerTlsConfiguration
{
    /// <summary>The certificate, and those that lead from it to a root, in PEM.</summary>
    public required string CertFile { get; init; }

    /// <summary>The key of the certificate, in PEM.</summary>
    public required string KeyFile { get; init; }

    /// <summary>The authorities that clients' certificates have to come from; null: clients need none.</summary>
    public string? ClientCaFile { get; init; }

    /// <summary>The versions of TLS that are spoken.</summary>
    public SslProtocols Protocols { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>How often the files are looked at for new content.</summary>
    public TimeSpan ReloadInterval { get; init; } = TimeSpan.FromMinutes(1);
}
