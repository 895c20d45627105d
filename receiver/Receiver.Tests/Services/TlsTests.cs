using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using EbpfReceiver.Configuration;
using EbpfReceiver.Services;
using EbpfReceiver.Services.Listeners;
using Google.Protobuf;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace EbpfReceiver.Tests.Services;

public sealed class TlsTests : IDisposable
{
    private readonly ServerCertificatesFixture _files = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task One_endpoint_takes_both_protocols_over_TLS_and_the_pages_have_it_too()
    {
        _files.Write("server");
        await using TestServer server = await TestServer.StartAsync(options: Options());
        Assert.All(server.Addresses, a => Assert.StartsWith("https://", a));
        (HttpClient client, _) = Client();
        using (client)
        {
            using GrpcChannel channel = GrpcChannel.ForAddress(At(server, 0), new GrpcChannelOptions { HttpClient = client });
            await new TraceService.TraceServiceClient(channel).ExportAsync(Samples.Spans("a"), cancellationToken: Cancel);
            foreach (int listener in (int[])[0, 1])
            {
                using var content = new ByteArrayContent(Samples.Spans("a").ToByteArray());
                content.Headers.ContentType = new("application/x-protobuf");
                using HttpResponseMessage response = await client.PostAsync(At(server, listener) + "/v1/traces", content, Cancel);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }

            Assert.Equal("ok\n", await client.GetStringAsync(At(server, 2) + "/healthz", Cancel));
        }

        Assert.Equal(3, server.Outlet.Batches.Count);
    }

    [Fact]
    public async Task New_certificates_are_used_without_a_restart_and_unusable_ones_are_not()
    {
        string first = _files.Write("server");
        var log = new RecordingLoggers();
        ServerTlsConfiguration tls = Tls() with { ReloadInterval = TimeSpan.Zero };
        await using TestServer server = await TestServer.StartAsync(options: Options(tls), loggers: log);
        Assert.Equal(first, await SerialAsync(server));
        string second = _files.Write("server");
        Assert.Equal(second, await SerialAsync(server));
        File.WriteAllText(_files.CertOf("server"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Assert.Equal(second, await SerialAsync(server));
        Assert.Contains("stay in use", log.Text);
        Assert.DoesNotContain("PRIVATE KEY", log.Text);
        string third = _files.Write("server");
        Assert.Equal(third, await SerialAsync(server));
    }

    [Fact]
    public async Task A_client_needs_a_certificate_of_the_authority_where_one_is_named()
    {
        _files.Write("server");
        _files.Write("client", "client");
        using var strangers = new ServerCertificatesFixture();
        strangers.Write("client", "client");
        await using TestServer server = await TestServer.StartAsync(options: Options(Tls() with { ClientCaFile = _files.CaFile }));
        Assert.Equal("ok\n", await HealthAsync(server, _files.Load("client")));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => HealthAsync(server, null));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => HealthAsync(server, strangers.Load("client")));
        Assert.Equal("ok\n", await HealthAsync(server, _files.Load("client")));
    }

    [Fact]
    public async Task An_older_version_than_the_lowest_is_refused()
    {
        _files.Write("server");
        await using TestServer server = await TestServer.StartAsync(options: Options(Tls() with { Protocols = SslProtocols.Tls13 }));
        (HttpClient old, SocketsHttpHandler handler) = Client();
        using (old)
        {
            handler.SslOptions.EnabledSslProtocols = SslProtocols.Tls12;
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => old.GetStringAsync(At(server, 2) + "/healthz", Cancel));
        }

        Assert.Equal("ok\n", await HealthAsync(server, null));
    }

    [Theory]
    [InlineData("missing.pem", "server.key")]
    [InlineData("server.pem", "missing.key")]
    [InlineData("server.pem", "other.key")]
    [InlineData("ca.pem", "server.pem")]
    public void Files_that_cannot_be_used_are_named(string cert, string key)
    {
        _files.Write("server");
        _files.Write("other");
        ServerTlsConfiguration tls = Tls() with
        {
            CertFile = Path.Combine(_files.Folder, cert),
            KeyFile = Path.Combine(_files.Folder, key),
        };
        TlsFilesException refused = Assert.Throws<TlsFilesException>(
            () => new ServerCertificates(tls, [SslApplicationProtocol.Http2], NullLogger.Instance));
        Assert.Contains(cert.StartsWith("missing", StringComparison.Ordinal) ? cert : key, refused.Message);
    }

    [Fact]
    public async Task Plain_bytes_on_a_port_with_TLS_harm_nobody()
    {
        _files.Write("server");
        await using TestServer server = await TestServer.StartAsync(options: Options());
        using var plain = new HttpClient();
        string address = At(server, 2).Replace("https:", "http:", StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => plain.GetStringAsync(address + "/healthz", Cancel));
        Assert.Equal("ok\n", await HealthAsync(server, null));
    }

    private ServerTlsConfiguration Tls() => new() { CertFile = _files.CertOf("server"), KeyFile = _files.KeyOf("server") };

    private ReceiverServicesOptions Options(ServerTlsConfiguration? tls = null) =>
        TestServer.Loopback with { Tls = tls ?? Tls(), PagesTls = tls ?? Tls() };

    private static string At(TestServer server, int listener) => $"https://localhost:{new Uri(server.Addresses[listener]).Port}";

    private async Task<string> HealthAsync(TestServer server, X509Certificate2? certificate)
    {
        (HttpClient client, SocketsHttpHandler handler) = Client();
        using (client)
        {
            if (certificate is not null) handler.SslOptions.ClientCertificates = [certificate];
            return await client.GetStringAsync(At(server, 2) + "/healthz", Cancel);
        }
    }

    private async Task<string> SerialAsync(TestServer server)
    {
        string serial = "";
        (HttpClient client, SocketsHttpHandler handler) = Client();
        using (client)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            {
                serial = ((X509Certificate2)certificate!).SerialNumber;
                return errors == SslPolicyErrors.None;
            };
            await client.GetStringAsync(At(server, 2) + "/healthz", Cancel);
        }

        return serial;
    }

    /// <summary>A client with connections of its own that trusts the authority alone.</summary>
    private (HttpClient Client, SocketsHttpHandler Handler) Client()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(_files.CaFile);
        var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } };
        return (new HttpClient(handler), handler);
    }
}
