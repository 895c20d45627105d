using System.Collections.ObjectModel;

namespace EbpfReceiver.Otlp;

/// <summary>Options of <see cref="OtlpGrpcOutlet"/> and <see cref="OtlpHttpOutlet"/>.</summary>
public sealed record OtlpOutletOptions
{
    /// <summary>The name of the outlet in logs and metrics.</summary>
    public string Name { get; init; } = "otlp";

    /// <summary>
    /// <c>http://host:port</c>, <c>https://host:port</c> or, for gRPC, <c>unix:///path</c>. HTTP adds <c>/v1/traces</c> and the like
    /// to the path.
    /// </summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Sent with each request; gRPC takes lower-case names.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Compression of requests.</summary>
    public OtlpCompression Compression { get; init; } = OtlpCompression.Gzip;

    /// <summary>Deadline of one attempt.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Bytes of a request before compression; a larger batch is sent in parts. Stock gRPC servers take 4 MiB, also after decompression.
    /// </summary>
    public int MaxRequestBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>When to try again.</summary>
    public OtlpRetryOptions Retry { get; init; } = new();

    /// <summary>What waits, and how many requests are under way at one time.</summary>
    public OtlpQueueOptions Queue { get; init; } = new();

    /// <summary>TLS for https endpoints; null for the system's defaults.</summary>
    public OtlpTlsOptions? Tls { get; init; }

    /// <summary>The token of each request; null for none, or one in <see cref="Headers"/>.</summary>
    public OtlpAuthOptions? Auth { get; init; }

    /// <summary>The product and version of the User-Agent.</summary>
    public string UserAgent { get; init; } = "OTel-OTLP-Exporter-ebpf-receiver/" + ProductVersion;

    /// <summary>What differs by signal.</summary>
    public IReadOnlyDictionary<Signal, OtlpSignalOptions> PerSignal { get; init; } =
        ReadOnlyDictionary<Signal, OtlpSignalOptions>.Empty;

    private static string ProductVersion => typeof(OtlpOutletOptions).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    internal OtlpSignalOptions For(Signal signal) => PerSignal.GetValueOrDefault(signal) ?? s_noDifference;

    private static readonly OtlpSignalOptions s_noDifference = new();
}
