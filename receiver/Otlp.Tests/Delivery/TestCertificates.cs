using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EbpfReceiver.Otlp.Tests.Delivery;

/// <summary>An authority of our own, a server certificate it signed, and as many for clients as are asked for.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly X509Certificate2 _ca;
    private readonly string _directory = Directory.CreateTempSubdirectory("certificates-").FullName;

    private TestCertificates(string host)
    {
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", caKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = DateTimeOffset.UtcNow;
        _ca = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        using X509Certificate2 server = Issue(host);
        Server = X509CertificateLoader.LoadPkcs12(server.Export(X509ContentType.Pkcs12), null);
        CaFile = Path.Combine(_directory, "ca.pem");
        File.WriteAllText(CaFile, _ca.ExportCertificatePem());
    }

    public X509Certificate2 Server { get; }

    public string CaFile { get; }

    public string ClientCertFile => Path.Combine(_directory, "client.pem");

    public string ClientKeyFile => Path.Combine(_directory, "client.key");

    public static TestCertificates Create(string host) => new(host);

    /// <summary>Writes a new certificate for a client into the files, and tells its thumbprint.</summary>
    public string IssueClient(string name)
    {
        using X509Certificate2 client = Issue(name);
        File.WriteAllText(ClientCertFile, client.ExportCertificatePem());
        File.WriteAllText(ClientKeyFile, client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return client.Thumbprint;
    }

    public void Dispose()
    {
        Server.Dispose();
        _ca.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private X509Certificate2 Issue(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 signed = request.Create(_ca, now.AddDays(-1), now.AddDays(20), Guid.NewGuid().ToByteArray());
        return signed.CopyWithPrivateKey(key);
    }
}
