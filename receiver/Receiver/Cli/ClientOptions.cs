using System.CommandLine;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EbpfReceiver.Cli;

/// <summary>The options of commands that talk to a running receiver, besides where it listens.</summary>
internal sealed class ClientOptions
{
    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = "A file whose first line is the token to show, one of receiver.auth or receiver.control.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _caFile = new("--ca-file")
    {
        Description = "Speak TLS, and trust the authorities in this PEM file.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _certFile = new("--cert-file")
    {
        Description = "The client's own certificate, in PEM.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _keyFile = new("--key-file")
    {
        Description = "The key of --cert-file, in PEM.",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Add(_tokenFile);
        command.Add(_caFile);
        command.Add(_certFile);
        command.Add(_keyFile);
    }

    /// <summary>Reads the files that the options name.</summary>
    /// <exception cref="CommandFailedException">One can't be used.</exception>
    public ClientCredentials Load(ParseResult parsed)
    {
        try
        {
            string? token = parsed.GetValue(_tokenFile) is { } tokenFile ? TokenOf(tokenFile) : null;
            return new ClientCredentials(token, TlsOf(parsed.GetValue(_caFile), parsed.GetValue(_certFile), parsed.GetValue(_keyFile)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandFailedException($"a file cannot be used: {e.Message}", null, ExitCode.Usage);
        }
    }

    private static string TokenOf(string file) =>
        File.ReadLines(file).Select(static line => line.Trim()).FirstOrDefault(static line => line.Length > 0)
        ?? throw new IOException($"{file} has no token");

    private static SslClientAuthenticationOptions? TlsOf(string? ca, string? cert, string? key)
    {
        if (cert is null != key is null) throw new CommandFailedException("--cert-file and --key-file go together", null, ExitCode.Usage);
        if (ca is null && cert is null) return null;
        var options = new SslClientAuthenticationOptions();
        if (ca is not null)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.ImportFromPemFile(ca);
            options.CertificateChainPolicy = policy;
        }

        if (cert is not null) options.ClientCertificates = [X509Certificate2.CreateFromPemFile(cert, key)];
        return options;
    }
}
