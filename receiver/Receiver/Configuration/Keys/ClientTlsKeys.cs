using EbpfReceiver.Otlp;

namespace EbpfReceiver.Configuration;

/// <summary>Section <c>tls</c> of what connects to others, with the Collector's keys.</summary>
internal static class ClientTlsKeys
{
    private static readonly TextType s_file = new("path", "a path");

    private static readonly ConfigurationKey<bool> s_insecure = new(
        "insecure", ValueTypes.Boolean, "false", "No TLS for an endpoint without a scheme, such as `collector:4317`. A scheme says itself: `http` or `https`.");

    private static readonly ConfigurationKey<string?> s_caFile =
        new("ca_file", s_file!, null, "Certificates of authorities to trust instead of the system's, in PEM.");

    private static readonly ConfigurationKey<string?> s_certFile =
        new("cert_file", s_file!, null, "The receiver's own certificate for mutual TLS, and those between it and the authority, in PEM.");

    private static readonly ConfigurationKey<string?> s_keyFile = new("key_file", s_file!, null, "The key of `cert_file`, in PEM.");

    private static readonly ConfigurationKey<TimeSpan> s_reloadInterval = new(
        "reload_interval", ValueTypes.Wait, "10s", "How often the files are looked at; when they have changed, connections are made anew. 0 never looks.");

    private static readonly ConfigurationKey<string?> s_serverName =
        new("server_name_override", ValueTypes.Text!, null, "The name the server's certificate has to be for, and the authority of requests, if not the endpoint's.");

    private static readonly ConfigurationKey<bool> s_insecureSkipVerify =
        new("insecure_skip_verify", ValueTypes.Boolean, "false", "Take any certificate. For tests only.");

    private static readonly ConfigurationKey<TlsVersion> s_minVersion = new(
        "min_version", new ChoiceType<TlsVersion>(("1.2", TlsVersion.Tls12), ("1.3", TlsVersion.Tls13)), "1.2", "The least version of TLS.");

    public static readonly SectionType<OtlpTlsOptions> Section = new(
        [s_insecure, s_caFile, s_certFile, s_keyFile, s_reloadInterval, s_serverName, s_insecureSkipVerify, s_minVersion],
        static s =>
        {
            var options = new OtlpTlsOptions
            {
                Insecure = s.Get(s_insecure),
                CaFile = s.Get(s_caFile),
                CertFile = s.Get(s_certFile),
                KeyFile = s.Get(s_keyFile),
                ReloadInterval = s.Get(s_reloadInterval),
                ServerName = s.Get(s_serverName),
                InsecureSkipVerify = s.Get(s_insecureSkipVerify),
                MinVersion = s.Get(s_minVersion),
            };
            if (options.CertFile is null != options.KeyFile is null)
                s.Report(options.CertFile is null ? s_keyFile : s_certFile, "cert_file and key_file go together");
            return options;
        });
}
