namespace EbpfReceiver.Otlp;

/// <summary>The least version of TLS that is spoken. Older ones are broken (RFC 8996).</summary>
public enum TlsVersion : byte
{
    /// <summary>TLS 1.2 or 1.3.</summary>
    Tls12,

    /// <summary>TLS 1.3 only.</summary>
    Tls13,
}
