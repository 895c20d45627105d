using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EbpfReceiver.Tests.Services;

/// <summary>An authority, and certificates it signed, as PEM files of a folder.</summary>
internal sealed class ServerCertificatesFixture : IDisposable
{
    private readonly ECDsa _authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;
    private int _serial;

    public ServerCertificatesFixture()
    {
        var request = new CertificateRequest("CN=authority of the tests", _authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(CaFile, _authority.ExportCertificatePem());
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("ebpf-receiver-tls-").FullName;

    public string CaFile => Path.Combine(Folder, "ca.pem");

    /// <summary>Writes <c>NAME.pem</c> and <c>NAME.key</c>, over what was there; returns the serial number.</summary>
    public string Write(string name, string host = "localhost")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + host, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 signed = request.Create(
            _authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(20), [1, 2, 3, (byte)++_serial]);
        // The key first: between the two the pair does not match, and the pair of before stays in use.
        File.WriteAllText(KeyOf(name), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(CertOf(name), signed.ExportCertificatePem());
        return signed.SerialNumber;
    }

    public string CertOf(string name) => Path.Combine(Folder, name + ".pem");

    public string KeyOf(string name) => Path.Combine(Folder, name + ".key");

    public X509Certificate2 Load(string name)
    {
        using X509Certificate2 pem = X509Certificate2.CreateFromPemFile(CertOf(name), KeyOf(name));
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _authorityKey.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
