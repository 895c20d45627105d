namespace EbpfReceiver.Otlp;

/// <summary>What differs for one signal; null takes the value that holds for all.</summary>
public sealed record OtlpSignalOptions
{
    /// <summary>Whether the signal is sent at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// Where to. For HTTP the URL is used as it is; the path of the signal is only added to
    /// <see cref="OtlpOutletOptions.Endpoint"/>.
    /// </summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Headers instead of those for all.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Compression instead of that for all.</summary>
    public OtlpCompression? Compression { get; init; }

    /// <summary>TLS instead of that for all.</summary>
    public OtlpTlsOptions? Tls { get; init; }

    /// <summary>Deadline of one attempt instead of that for all.</summary>
    public TimeSpan? Timeout { get; init; }
}
