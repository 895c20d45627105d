using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace EbpfReceiver.Otlp;

/// <summary>What was in the files of an <see cref="OtlpTlsOptions"/> at one time. They are compared by content: a mounted secret changes behind links.</summary>
internal sealed class TlsFiles
{
    private readonly OtlpTlsOptions _options;
    private readonly byte[] _ca;
    private readonly byte[] _cert;
    private readonly byte[] _key;

    private TlsFiles(OtlpTlsOptions options)
    {
        _options = options;
        _ca = Read("ca_file", options.CaFile);
        _cert = Read("cert_file", options.CertFile);
        _key = Read("key_file", options.KeyFile);
    }

    /// <exception cref="TlsFileException">A file is not there or can't be read.</exception>
    public static TlsFiles Read(OtlpTlsOptions options) => new(options);

    public bool SameAs(TlsFiles other) =>
        _ca.AsSpan().SequenceEqual(other._ca) && _cert.AsSpan().SequenceEqual(other._cert) && _key.AsSpan().SequenceEqual(other._key);

    /// <exception cref="TlsFileException">A file has no certificate or key in PEM, or they do not fit.</exception>
    public SslClientAuthenticationOptions SslOptions()
    {
        var ssl = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = _options.MinVersion == TlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        if (_options.CertFile is not null)
            ssl.ClientCertificateContext = Identity();
        if (_options.CaFile is not null)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.AddRange(Certificates("ca_file", _options.CaFile, _ca));
            ssl.CertificateChainPolicy = policy;
        }
        if (_options.InsecureSkipVerify)
            ssl.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        return ssl;
    }

    private SslStreamCertificateContext Identity()
    {
        X509Certificate2Collection chain = Certificates("cert_file", _options.CertFile!, _cert);
        try
        {
            X509Certificate2 own = X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(_cert), Encoding.UTF8.GetString(_key));
            return SslStreamCertificateContext.Create(own, chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new TlsFileException($"key_file {_options.KeyFile} is not the key of cert_file {_options.CertFile} in PEM: {e.Message}", e);
        }
    }

    private static X509Certificate2Collection Certificates(string key, string path, byte[] pem)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(Encoding.UTF8.GetString(pem));
        }
        catch (CryptographicException e)
        {
            throw new TlsFileException($"{key} {path} can't be read: {e.Message}", e);
        }
        return certificates.Count > 0 ? certificates : throw new TlsFileException($"{key} {path} has no certificate in PEM.");
    }

    private static byte[] Read(string key, string? path)
    {
        try
        {
            return path is null ? [] : File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TlsFileException($"{key} {path} can't be read: {e.Message}", e);
        }
    }
}
