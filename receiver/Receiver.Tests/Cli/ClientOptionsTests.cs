using EbpfReceiver.Cli;
using EbpfReceiver.Configuration;
using EbpfReceiver.Services;
using EbpfReceiver.Tests.Services;

namespace EbpfReceiver.Tests.Cli;

/// <summary>Commands against the real server with TLS, tokens and a right to control.</summary>
public sealed class ClientOptionsTests : IDisposable
{
    private readonly ServerCertificatesFixture _files = new();

    private ReceiverServicesOptions Options => TestServer.Loopback with
    {
        Tls = new ServerTlsConfiguration
        {
            CertFile = _files.CertOf("server"),
            KeyFile = _files.KeyOf("server"),
            ClientCaFile = _files.CaFile,
        },
        Auth = new TokenConfiguration { Tokens = ["an-access-token-of-ours"] },
        Control = new ControlConfiguration
        {
            Allow = ControlAllowance.Nobody,
            Tokens = new TokenConfiguration { Tokens = ["a-control-token-of-ours"] },
        },
    };

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Commands_show_a_token_and_a_certificate_and_trust_an_authority()
    {
        _files.Write("server");
        _files.Write("client", "client");
        await using TestServer server = await TestServer.StartAsync(options: Options);
        string[] connection =
        [
            "--endpoint", $"localhost:{new Uri(server.Addresses[0]).Port}", "--ca-file", _files.CaFile,
            "--cert-file", _files.CertOf("client"), "--key-file", _files.KeyOf("client"),
        ];

        (int code, string output, string error) =
            await RunAsync(["probes", "list", .. connection, "--token-file", Token("an-access-token-of-ours")]);
        Assert.Equal((ExitCode.Success, ""), (code, error));
        Assert.Contains("Observes tcp.", output);

        (code, _, error) = await RunAsync(["probes", "list", .. connection]);
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("a token is required", error);
        Assert.Contains("--token-file", error);

        (code, _, error) = await RunAsync(["probes", "remove", "dns", .. connection, "--token-file", Token("an-access-token-of-ours")]);
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("Nobody may change what the receiver does without a token for it. Call with one", error);

        (code, output, _) = await RunAsync(["probes", "remove", "dns", .. connection, "--token-file", Token("a-control-token-of-ours")]);
        Assert.Equal((ExitCode.Success, "dns is removed.\n"), (code, output));
        Assert.Equal(["tcp"], server.Probes.List().Select(p => p.Name));
    }

    [Fact]
    public async Task Files_that_cannot_be_used_are_a_mistake_on_the_command_line()
    {
        (int code, _, string error) =
            await RunAsync(["probes", "list", "--endpoint", "localhost:1", "--token-file", Path.Combine(_files.Folder, "none")]);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("none", error);
        (code, _, error) = await RunAsync(["probes", "list", "--endpoint", "localhost:1", "--cert-file", _files.CaFile]);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("--cert-file and --key-file go together", error);
    }

    private string Token(string token)
    {
        string file = Path.Combine(_files.Folder, "token");
        File.WriteAllText(file, token + "\n");
        return file;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int code = await CommandLine.RunAsync(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
