using System.Security.Authentication;

namespace EbpfReceiver.Configuration;

/// <summary>Sections <c>tls</c> of listeners.</summary>
internal static class ServerTlsKeys
{
    private static readonly TextType s_file = new("path", "a path");

    private static readonly ConfigurationKey<string?> s_certFile =
        new("cert_file", s_file!, null, "The certificate, and those between it and a root, in PEM. Required.");

    private static readonly ConfigurationKey<string?> s_keyFile =
        new("key_file", s_file!, null, "The key of `cert_file`, in PEM. Required.");

    private static readonly ConfigurationKey<string?> s_clientCaFile = new(
        "client_ca_file", s_file!, null, "Authorities in PEM: clients then need a certificate that comes from one of them (mutual TLS).");

    private static readonly ConfigurationKey<TlsVersion> s_minVersion = new(
        "min_version", new ChoiceType<TlsVersion>(("1.2", TlsVersion.Tls12), ("1.3", TlsVersion.Tls13)), "\"1.2\"",
        "The lowest version of TLS.");

    private static readonly ConfigurationKey<TimeSpan> s_reloadInterval = new(
        "reload_interval", ValueTypes.Timeout, "1m", "How often the files are looked at. New content holds for connections from then on.");

    private static readonly SectionType<ServerTlsConfiguration> s_section = new(
        [s_certFile, s_keyFile, s_clientCaFile, s_minVersion, s_reloadInterval],
        static s =>
        {
            string? cert = s.Get(s_certFile), key = s.Get(s_keyFile);
            if (cert is null || key is null) s.Report(cert is null ? s_certFile : s_keyFile, "cert_file and key_file are both needed");
            return new ServerTlsConfiguration
            {
                CertFile = cert ?? "",
                KeyFile = key ?? "",
                ClientCaFile = s.Get(s_clientCaFile),
                Protocols = s.Get(s_minVersion) == TlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13,
                ReloadInterval = s.Get(s_reloadInterval),
            };
        });

    private enum TlsVersion
    {
        Tls12,
        Tls13,
    }

    /// <summary>The key of a listener.</summary>
    public static ConfigurationKey<ServerTlsConfiguration?> Key(string description) =>
        new("tls", new OptionalSectionType<ServerTlsConfiguration>(s_section), null, description);
}
