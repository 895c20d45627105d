using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EbpfReceiver.Configuration;

namespace EbpfReceiver.Services.Listeners;

/// <summary>
/// The certificate of a listener, and the authorities of its clients. The files are looked at when a connection comes and the last look is
/// long enough ago; what is in them by then holds for that connection and those after it. Files that can't be used leave what was there
/// before, and the log says so.
/// </summary>
internal sealed class ServerCertificates
{
    private readonly ServerTlsConfiguration _configuration;
    private readonly List<SslApplicationProtocol> _protocols;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private byte[] _digest = [];
    private SslServerAuthenticationOptions _options;
    private long _lookedAt = Environment.TickCount64;

    /// <summary>Reads the files.</summary>
    /// <param name="configuration">Where they are.</param>
    /// <param name="protocols">What is spoken over TLS.</param>
    /// <param name="log">Told of new and of unusable files.</param>
    /// <exception cref="TlsFilesException">They can't be used.</exception>
    public ServerCertificates(ServerTlsConfiguration configuration, IReadOnlyList<SslApplicationProtocol> protocols, ILogger log)
    {
        _configuration = configuration;
        _protocols = [.. protocols];
        _log = log;
        _options = Load(out _digest);
    }

    /// <summary>What a handshake that begins now is made with.</summary>
    public SslServerAuthenticationOptions Current()
    {
        lock (_gate)
        {
            long now = Environment.TickCount64;
            if (now - _lookedAt < _configuration.ReloadInterval.TotalMilliseconds) return _options;
            _lookedAt = now;
            try
            {
                SslServerAuthenticationOptions loaded = Load(out byte[] digest);
                if (digest.AsSpan().SequenceEqual(_digest)) return _options;
                _digest = digest;
                _options = loaded;
                ListenerLog.CertificatesReloaded(_log, _configuration.CertFile);
            }
            catch (TlsFilesException e)
            {
                ListenerLog.CertificatesUnusable(_log, e.Message);
            }

            return _options;
        }
    }

    private SslServerAuthenticationOptions Load(out byte[] digest)
    {
        string file = _configuration.CertFile;
        try
        {
            string chain = File.ReadAllText(file);
            string key = File.ReadAllText(file = _configuration.KeyFile);
            string? authorities = _configuration.ClientCaFile is null ? null : File.ReadAllText(file = _configuration.ClientCaFile);
            digest = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{chain}\0{key}\0{authorities}"));
            file = $"{_configuration.CertFile} with {_configuration.KeyFile}";
            X509Certificate2 certificate = X509Certificate2.CreateFromPem(chain, key);
            X509Certificate2Collection all = [];
            all.ImportFromPem(chain);
            all.RemoveAt(0);
            var options = new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, all, offline: true),
                EnabledSslProtocols = _configuration.Protocols,
                ApplicationProtocols = _protocols,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                AllowRenegotiation = false,
            };
            if (authorities is not null)
            {
                file = _configuration.ClientCaFile!;
                options.ClientCertificateRequired = true;
                options.CertificateChainPolicy = PolicyOf(authorities);
            }

            return options;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new TlsFilesException($"{file} cannot be used for TLS: {Terminal.TerminalText.Clean(e.Message)}", e);
        }
    }

    private static X509ChainPolicy PolicyOf(string authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPem(authorities);
        if (policy.CustomTrustStore.Count == 0) throw new CryptographicException("there is no certificate in it");
        return policy;
    }
}
