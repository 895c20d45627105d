using EbpfReceiver.Otlp;

namespace EbpfReceiver.Configuration;

/// <summary>Sections <c>exporters.otlp</c> and <c>exporters.otlp_http</c>, which differ only in where they send by default.</summary>
internal static class OtlpKeys
{
    private static readonly ConfigurationKey<OtlpCompression> s_compression =
        new("compression", ValueTypes.Compression, "gzip", "How requests are compressed.");

    private static readonly ConfigurationKey<IReadOnlyDictionary<string, string>> s_headers =
        new("headers", ValueTypes.TextMap, "{}", "Headers of every request, as for authentication.");

    private static readonly ConfigurationKey<TimeSpan> s_timeout =
        new("timeout", ValueTypes.Timeout, "10s", "The deadline of one request.");

    private static readonly ConfigurationKey<long> s_maxRequestSize = new(
        "max_request_size", new SizeType(1 << 10, 1L << 30, "such as 4MiB, from 1KiB to 1GiB"), "4MiB",
        "The largest request, before compression; a larger one is sent in parts.");

    private static readonly ConfigurationKey<OtlpTlsOptions> s_tls = new("tls", ClientTlsKeys.Section, "{}", "TLS: who is trusted, and who the receiver is.");

    private static readonly ConfigurationKey<bool> s_signalEnabled =
        new("enabled", ValueTypes.Boolean, "true", "Whether the exporter takes this signal.");

    private static readonly ConfigurationKey<Uri?> s_signalEndpoint =
        new("endpoint", ValueTypes.Url!, null, "Where this signal goes instead; for `otlp_http` the whole URL.");

    private static readonly ConfigurationKey<IReadOnlyDictionary<string, string>?> s_signalHeaders =
        new("headers", ValueTypes.TextMap!, null, "Replaces the exporter's headers.");

    private static readonly ConfigurationKey<OtlpCompression?> s_signalCompression =
        new("compression", new NullableType<OtlpCompression>(ValueTypes.Compression), null, "Replaces the exporter's compression.");

    private static readonly ConfigurationKey<TimeSpan?> s_signalTimeout =
        new("timeout", new NullableType<TimeSpan>(ValueTypes.Timeout), null, "Replaces the exporter's timeout.");

    private static readonly ConfigurationKey<OtlpTlsOptions?> s_signalTls = new(
        "tls", new OptionalSectionType<OtlpTlsOptions>(ClientTlsKeys.Section), null, "Replaces the exporter's TLS as a whole.");

    private static readonly SectionType<OtlpSignalOptions> s_signal = new(
        [s_signalEnabled, s_signalEndpoint, s_signalHeaders, s_signalCompression, s_signalTimeout, s_signalTls],
        static s => new OtlpSignalOptions
        {
            Enabled = s.Get(s_signalEnabled),
            Endpoint = s.Get(s_signalEndpoint),
            Headers = s.Get(s_signalHeaders),
            Compression = s.Get(s_signalCompression),
            Timeout = s.Get(s_signalTimeout),
            Tls = s.Get(s_signalTls),
        });

    private static readonly ConfigurationKey<OtlpSignalOptions> s_traces = new("traces", s_signal, "{}", "What differs for spans.");
    private static readonly ConfigurationKey<OtlpSignalOptions> s_metrics = new("metrics", s_signal, "{}", "What differs for metrics.");
    private static readonly ConfigurationKey<OtlpSignalOptions> s_logs = new("logs", s_signal, "{}", "What differs for log records.");
    private static readonly ConfigurationKey<OtlpSignalOptions> s_profiles = new("profiles", s_signal, "{}", "What differs for profiles.");

    /// <param name="isGrpc">Whether it speaks gRPC, which goes over a unix socket too, and has no path.</param>
    /// <param name="defaultEndpoint">Where it sends by default.</param>
    /// <param name="endpointDescription">What the endpoint is.</param>
    public static SectionType<OtlpExporterConfiguration> Section(bool isGrpc, string defaultEndpoint, string endpointDescription)
    {
        var endpoint = new ConfigurationKey<Uri>("endpoint", ValueTypes.Url, defaultEndpoint, endpointDescription);
        return new SectionType<OtlpExporterConfiguration>(
            [
                endpoint, s_compression, s_headers, AuthKeys.Key, s_timeout, s_maxRequestSize, RetryKeys.Section, SendingQueueKeys.Section, s_tls,
                s_traces, s_metrics, s_logs, s_profiles,
            ],
            s =>
            {
                OtlpTlsOptions tls = s.Get(s_tls);
                OtlpSignalOptions Signal(ConfigurationKey<OtlpSignalOptions> key)
                {
                    OtlpSignalOptions signal = s.Get(key);
                    Check(s, key, signal.Endpoint, isGrpc);
                    return signal with { Endpoint = UrlType.WithScheme(signal.Endpoint, (signal.Tls ?? tls).Insecure) };
                }

                Uri url = s.Get(endpoint);
                Check(s, endpoint, url, isGrpc);
                return new OtlpExporterConfiguration
                {
                    Endpoint = UrlType.WithScheme(url, tls.Insecure)!,
                    Compression = s.Get(s_compression),
                    Headers = s.Get(s_headers),
                    Auth = s.Get(AuthKeys.Key),
                    Timeout = s.Get(s_timeout),
                    MaxRequestBytes = (int)s.Get(s_maxRequestSize),
                    Retry = s.Get(RetryKeys.Section),
                    SendingQueue = s.Get(SendingQueueKeys.Section),
                    Tls = tls,
                    Traces = Signal(s_traces),
                    Metrics = Signal(s_metrics),
                    Logs = Signal(s_logs),
                    Profiles = Signal(s_profiles),
                };
            });
    }

    private static void Check(SectionReader section, ConfigurationKey key, Uri? url, bool isGrpc)
    {
        if (!isGrpc && url is { Scheme: "unix" })
            section.Report(key, "only gRPC goes over a unix socket: use exporters.otlp");
    }
}
