using Microsoft.Extensions.Logging;

namespace EbpfReceiver.Otlp.Tests.Delivery;

/// <summary>Whom a client trusts and who it says it is: certificates, names, tokens, and that they can be exchanged while it runs.</summary>
public sealed class ClientIdentityTests
{
    private static readonly OtlpRetryOptions s_fast = new()
    {
        InitialInterval = TimeSpan.FromMilliseconds(10),
        MaxInterval = TimeSpan.FromMilliseconds(50),
        MaxElapsedTime = TimeSpan.FromMinutes(2),
    };

    [Fact]
    public async Task A_certificate_of_our_own_is_shown_and_a_new_one_in_the_file_is_taken_without_a_loss()
    {
        using TestCertificates certificates = TestCertificates.Create("localhost");
        string first = certificates.IssueClient("first");
        await using GrpcCollector collector = await GrpcCollector.StartAsync(certificate: certificates.Server);
        var time = new ManualTime();
        var log = new RecordedLog();
        using var outlet = new OtlpGrpcOutlet(Options(collector, certificates), log, time);
        await outlet.StartAsync(TestContext.Current.CancellationToken);

        await SendAsync(outlet, 1);
        string second = certificates.IssueClient("second");
        await SendAsync(outlet, 2);
        time.Advance(TimeSpan.FromSeconds(11));
        await SendAsync(outlet, 3);
        File.WriteAllText(certificates.ClientKeyFile, "not a key");
        time.Advance(TimeSpan.FromSeconds(11));
        await SendAsync(outlet, 4);
        time.Advance(TimeSpan.FromSeconds(11));
        await SendAsync(outlet, 5);

        Assert.Equal([first, first, second, second, second], collector.Clients.Select(c => c.Thumbprint));
        Assert.Equal(2, collector.Clients.Select(c => c.Connection).Distinct().Count());
        Assert.Equal([LogLevel.Information, LogLevel.Warning], log.Lines.Select(l => l.Level));
        await outlet.StopAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData("collector.internal", true)]
    [InlineData("other.internal", false)]
    public async Task The_name_in_the_servers_certificate_may_be_another_than_the_endpoints(string name, bool delivered)
    {
        using TestCertificates certificates = TestCertificates.Create("collector.internal");
        await using GrpcCollector collector = await GrpcCollector.StartAsync(certificate: certificates.Server);
        using var outlet = new OtlpGrpcOutlet(new OtlpOutletOptions
        {
            Endpoint = new Uri($"https://localhost:{collector.Endpoint.Port}"),
            Tls = new OtlpTlsOptions { CaFile = certificates.CaFile, ServerName = name, MinVersion = TlsVersion.Tls13 },
            Retry = s_fast with { Enabled = false },
        });
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        await SendAsync(outlet, 1);
        Assert.Equal(delivered ? 1 : 0, outlet.Statistics.Delivered(Signal.Traces));
        if (delivered)
            Assert.Equal("collector.internal", Assert.Single(collector.Headers)["host"]);
        await outlet.StopAsync(CancellationToken.None);
    }

    [Fact]
    public void Files_that_are_not_there_or_no_PEM_are_told_at_the_start()
    {
        OtlpOutletOptions options = new() { Endpoint = new Uri("https://localhost:1") };
        string Said(OtlpTlsOptions tls) => Assert.Throws<TlsFileException>(() => new OtlpHttpOutlet(options with { Tls = tls })).Message;

        Assert.StartsWith("ca_file /nowhere.pem can't be read: ", Said(new OtlpTlsOptions { CaFile = "/nowhere.pem" }), StringComparison.Ordinal);
        // Without TLS nobody needs them.
        new OtlpHttpOutlet(new OtlpOutletOptions { Endpoint = new Uri("http://localhost:1"), Tls = new OtlpTlsOptions { CaFile = "/nowhere.pem" } })
            .Dispose();
        using TestCertificates certificates = TestCertificates.Create("localhost");
        certificates.IssueClient("client");
        string key = certificates.ClientKeyFile;
        Assert.Equal($"ca_file {key} has no certificate in PEM.", Said(new OtlpTlsOptions { CaFile = key }));
        Assert.StartsWith(
            $"key_file {key} is not the key of cert_file {certificates.CaFile} in PEM: ",
            Said(new OtlpTlsOptions { CertFile = certificates.CaFile, KeyFile = key }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_sent_instead_of_the_header_and_a_new_one_in_its_file_is_taken()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "one\n");
        await using GrpcCollector collector = await GrpcCollector.StartAsync();
        var time = new ManualTime();
        using var outlet = new OtlpGrpcOutlet(
            new OtlpOutletOptions
            {
                Endpoint = collector.Endpoint,
                Headers = new Dictionary<string, string> { ["Authorization"] = "of the headers" },
                Auth = new OtlpAuthOptions { TokenFile = file },
            },
            time: time);
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        await SendAsync(outlet, 1);
        File.WriteAllText(file, "two");
        time.Advance(TimeSpan.FromSeconds(1));
        await SendAsync(outlet, 2);
        Assert.Equal(["Bearer one", "Bearer two"], collector.Headers.Select(h => h["authorization"]));
        await outlet.StopAsync(CancellationToken.None);
        File.Delete(file);
    }

    [Fact]
    public async Task A_token_that_is_not_there_yet_is_waited_for()
    {
        string file = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        await using GrpcCollector collector = await GrpcCollector.StartAsync();
        using var outlet = new OtlpGrpcOutlet(new OtlpOutletOptions
        {
            Endpoint = collector.Endpoint,
            Auth = new OtlpAuthOptions { Scheme = "Token", TokenFile = file },
            Retry = s_fast,
        });
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        new Fanout([outlet]).Publish(SampleBatches.Spans(1));
        while (outlet.Statistics.Retries == 0)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        Assert.Contains(file, outlet.Statistics.LastError, StringComparison.Ordinal);
        File.WriteAllText(file, "late");
        await SettledAsync(outlet);
        Assert.Equal("Token late", Assert.Single(collector.Headers)["authorization"]);
        await outlet.StopAsync(CancellationToken.None);
        File.Delete(file);
    }

    private static OtlpOutletOptions Options(GrpcCollector collector, TestCertificates certificates) => new()
    {
        Endpoint = new Uri($"https://localhost:{collector.Endpoint.Port}"),
        Tls = new OtlpTlsOptions
        {
            CaFile = certificates.CaFile,
            CertFile = certificates.ClientCertFile,
            KeyFile = certificates.ClientKeyFile,
        },
    };

    private static async Task SendAsync(OtlpGrpcOutlet outlet, int number)
    {
        new Fanout([outlet]).Publish(SampleBatches.Spans(1));
        await SettledAsync(outlet);
        Assert.Equal(number, outlet.Statistics.Offered(Signal.Traces));
    }

    private static async Task SettledAsync(OtlpGrpcOutlet outlet)
    {
        for (int i = 0; i < 24_000 && outlet.Statistics.Queued > 0; i++)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        Assert.Equal(0, outlet.Statistics.Queued);
    }
}
