namespace EbpfReceiver.Otlp;

/// <summary>TLS of a client. Files are PEM; once they have changed, connections are made anew with what is in them.</summary>
public sealed record OtlpTlsOptions
{
    /// <summary>Certificates of the authorities to trust instead of the system's; null for the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>Our certificate, for mutual TLS, and those between it and the authority; null for none.</summary>
    public string? CertFile { get; init; }

    /// <summary>The private key of <see cref="CertFile"/>.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The name to ask for and to expect in the server's certificate instead of the endpoint's host; it is the authority of requests, too.</summary>
    public string? ServerName { get; init; }

    /// <summary>What an endpoint without a scheme means: plain text when true, TLS otherwise. A scheme says so itself.</summary>
    public bool Insecure { get; init; }

    /// <summary>Accepts any certificate. Only for tests: anybody on the path can read along.</summary>
    public bool InsecureSkipVerify { get; init; }

    /// <summary>The least version.</summary>
    public TlsVersion MinVersion { get; init; }

    /// <summary>How often the files are read again, at most; zero: never.</summary>
    public TimeSpan ReloadInterval { get; init; } = TimeSpan.FromSeconds(10);
}
