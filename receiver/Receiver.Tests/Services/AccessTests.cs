using System.Net;
using System.Net.Http.Headers;
using EbpfReceiver.Configuration;
using EbpfReceiver.Proto.V1;
using EbpfReceiver.Services;
using EbpfReceiver.Services.Access;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace EbpfReceiver.Tests.Services;

public sealed class AccessTests : IDisposable
{
    private const string Token = "an-access-token-of-ours";
    private const string ControlToken = "a-control-token-of-ours";

    private readonly string _folder = Directory.CreateTempSubdirectory("ebpf-receiver-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static ReceiverServicesOptions WithToken => TestServer.Loopback with
    {
        Auth = new TokenConfiguration { Tokens = ["another-token-of-ours", Token] },
        PagesAuth = new TokenConfiguration { Tokens = [Token] },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null, false)]
    [InlineData("Bearer " + Token, true)]
    [InlineData("bearer " + Token, true)]
    [InlineData("Bearer another-token-of-ours", true)]
    [InlineData("Bearer an-access-token-of-our", false)]
    [InlineData("Bearer an-access-token-of-ours2", false)]
    [InlineData("Bearer ", false)]
    [InlineData("Basic " + Token, false)]
    [InlineData(Token, false)]
    public async Task A_token_is_required_of_every_protocol(string? header, bool allowed)
    {
        await using TestServer server = await TestServer.StartAsync(options: WithToken);
        var metadata = new Metadata();
        if (header is not null) metadata.Add("authorization", header);
        StatusCode expected = allowed ? StatusCode.OK : StatusCode.Unauthenticated;
        Assert.Equal(expected, await StatusOfAsync(
            () => new TraceService.TraceServiceClient(server.Channel).ExportAsync(Samples.Spans("a"), metadata, cancellationToken: Cancel)));
        Assert.Equal(expected, await StatusOfAsync(
            () => new ReceiverService.ReceiverServiceClient(server.Channel)
                .GetStatsAsync(new GetStatsRequest(), metadata, cancellationToken: Cancel)));
        if (header is not null) server.Http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
        using HttpResponseMessage http =
            await OtlpHttpTests.PostAsync(server, "/v1/traces", Samples.Spans("a").ToByteArray(), "application/x-protobuf");
        Assert.Equal(allowed ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, http.StatusCode);
        Assert.Equal(allowed ? [] : ["Bearer"], http.Headers.WwwAuthenticate.Select(h => h.ToString()));
        Assert.Equal(allowed ? 2 : 0, server.Outlet.Batches.Count);
        Assert.Equal(allowed ? 0 : 3, server.Parts.Endpoint.Refused(RefusalCause.Unauthenticated));
    }

    [Fact]
    public async Task Health_needs_no_token_and_the_metrics_page_does()
    {
        await using TestServer server = await TestServer.StartAsync(options: WithToken);
        await new Health.HealthClient(server.Channel).CheckAsync(new HealthCheckRequest(), cancellationToken: Cancel);
        Assert.Equal("ok\n", await server.Pages.GetStringAsync("/healthz", Cancel));
        Assert.StartsWith("ready", await server.Pages.GetStringAsync("/readyz", Cancel));
        using HttpResponseMessage refused = await server.Pages.GetAsync("/metrics", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        server.Pages.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using HttpResponseMessage allowed = await server.Pages.GetAsync("/metrics", Cancel);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
    }

    [Fact]
    public void Tokens_of_a_file_are_changed_without_a_restart_and_a_file_that_is_gone_changes_nothing()
    {
        string file = Path.Combine(_folder, "tokens");
        File.WriteAllText(file, $"\n  {Token}\r\nsecond-token-of-the-file\n");
        var tokens = new BearerTokens(
            new TokenConfiguration { TokenFile = file }, NullLogger.Instance, TimeSpan.Zero);
        Assert.Equal([true, true, false], Knows());
        File.WriteAllText(file, "third-token-of-the-file");
        Assert.Equal([false, false, true], Knows());
        File.WriteAllText(file, "\n");
        Assert.Equal([false, false, true], Knows());
        File.Delete(file);
        Assert.Equal([false, false, true], Knows());
        Assert.Throws<FileNotFoundException>(() => new BearerTokens(
            new TokenConfiguration { TokenFile = file }, NullLogger.Instance));

        bool[] Knows() => [.. ((string[])[Token, "second-token-of-the-file", "third-token-of-the-file"]).Select(token =>
        {
            var context = new DefaultHttpContext();
            context.Request.Headers.Authorization = "Bearer " + token;
            return tokens.Has(context.Request);
        })];
    }

    [Theory]
    [InlineData(0u, ControlAllowance.Owner, null, true)]
    [InlineData(12345u, ControlAllowance.Owner, null, false)]
    [InlineData(null, ControlAllowance.Owner, null, false)]
    [InlineData(uint.MaxValue, ControlAllowance.Owner, null, true)]
    [InlineData(0u, ControlAllowance.Nobody, null, false)]
    [InlineData(12345u, ControlAllowance.Anyone, null, true)]
    [InlineData(12345u, ControlAllowance.Owner, ControlToken, true)]
    [InlineData(12345u, ControlAllowance.Owner, Token, false)]
    [InlineData(null, ControlAllowance.Nobody, ControlToken, true)]
    public async Task Changing_something_needs_a_right_of_its_own(uint? user, ControlAllowance allow, string? token, bool allowed)
    {
        ReceiverServicesOptions options = TestServer.Loopback with
        {
            Control = new ControlConfiguration { Allow = allow, Tokens = new TokenConfiguration { Tokens = [ControlToken] } },
        };
        await using TestServer server = await TestServer.StartAsync(options: options);
        server.Peers.User = user;
        var metadata = new Metadata();
        if (token is not null) metadata.Add("authorization", $"Bearer {token}");
        var client = new ReceiverService.ReceiverServiceClient(server.Channel);
        StatusCode expected = allowed ? StatusCode.OK : StatusCode.PermissionDenied;
        const string Yaml =
            "version: 1\nprobes:\n  - name: mine\n    on: [raw_tp:sched_switch]\n    emit: [ counter: { name: mine.count } ]\n";
        Assert.Equal(expected, await StatusOfAsync(
            () => client.SetProbeEnabledAsync(new SetProbeEnabledRequest { Name = "tcp" }, metadata, cancellationToken: Cancel)));
        Assert.Equal(expected, await StatusOfAsync(
            () => client.AddProbeAsync(new AddProbeRequest { Yaml = Yaml }, metadata, cancellationToken: Cancel)));
        Assert.Equal(expected, await StatusOfAsync(
            () => client.RemoveProbeAsync(new RemoveProbeRequest { Name = "dns" }, metadata, cancellationToken: Cancel)));
        // Looking is allowed to whoever may use the endpoint.
        ListProbesResponse probes = await client.ListProbesAsync(new ListProbesRequest(), metadata, cancellationToken: Cancel);
        Assert.Equal(allowed ? ["mine", "tcp"] : ["dns", "tcp"], probes.Probes.Select(p => p.Name));
        Assert.Equal(allowed ? Proto.V1.ProbeState.Disabled : Proto.V1.ProbeState.Running, probes.Probes[1].State);
        Assert.Equal(allowed ? 0 : 3, server.Parts.Endpoint.Refused(RefusalCause.Forbidden));
    }

    [Fact]
    public async Task A_refusal_says_who_may_and_how()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Peers.User = 12345;
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => new ReceiverService.ReceiverServiceClient(server.Channel)
            .SetProbeEnabledAsync(new SetProbeEnabledRequest { Name = "tcp" }, cancellationToken: Cancel).ResponseAsync);
        Assert.Equal(
            "Only processes on this machine that run as root or as the receiver's own user may change what it does. Call as one of them, "
            + "or set receiver.control.token_file.",
            refused.Status.Detail);
    }

    [Fact]
    public async Task A_control_token_opens_the_endpoint_too()
    {
        ReceiverServicesOptions options = WithToken with
        {
            Control = new ControlConfiguration { Tokens = new TokenConfiguration { Tokens = [ControlToken] } },
        };
        await using TestServer server = await TestServer.StartAsync(options: options);
        var metadata = new Metadata { { "authorization", $"Bearer {ControlToken}" } };
        server.Peers.User = 12345;
        await new ReceiverService.ReceiverServiceClient(server.Channel)
            .SetProbeEnabledAsync(new SetProbeEnabledRequest { Name = "tcp" }, metadata, cancellationToken: Cancel);
    }

    [Fact]
    public async Task No_secret_is_in_a_log_an_answer_or_a_page()
    {
        string file = Path.Combine(_folder, "tokens");
        File.WriteAllText(file, "a-token-of-the-file-of-ours\n");
        var log = new RecordingLoggers();
        ReceiverServicesOptions options = WithToken with
        {
            Control = new ControlConfiguration { Tokens = new TokenConfiguration { Tokens = [ControlToken], TokenFile = file } },
        };
        await using TestServer server = await TestServer.StartAsync(options: options, loggers: log);
        var said = new System.Text.StringBuilder();
        foreach (string token in (string[])[Token, ControlToken, "a-token-of-the-file-of-ours", "wrong-but-secret-of-ours"])
        {
            var metadata = new Metadata { { "authorization", $"Bearer {token}" } };
            var client = new ReceiverService.ReceiverServiceClient(server.Channel);
            await Say(() => client.GetStatsAsync(new GetStatsRequest(), metadata, cancellationToken: Cancel));
            await Say(() => client.ListProbesAsync(new ListProbesRequest(), metadata, cancellationToken: Cancel));
            await Say(() => client.ExplainProbeAsync(new ExplainProbeRequest { Name = "tcp" }, metadata, cancellationToken: Cancel));
            await Say(() => client.SetProbeEnabledAsync(new SetProbeEnabledRequest { Name = token }, null, cancellationToken: Cancel));
            using var page = new HttpRequestMessage(HttpMethod.Get, "/metrics");
            page.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using HttpResponseMessage response = await server.Pages.SendAsync(page, Cancel);
            said.Append(response).Append(await response.Content.ReadAsStringAsync(Cancel));
        }

        string all = said.ToString() + log.Text + options.Auth + options.Control + options;
        Assert.Contains("itemsPublished", all);
        Assert.Contains("Request", log.Text);
        Assert.DoesNotContain("of-ours", all);

        async Task Say<T>(Func<AsyncUnaryCall<T>> call)
        {
            try
            {
                said.Append(await call());
            }
            catch (RpcException e)
            {
                said.Append(e.Status.Detail);
            }
        }
    }

    private static async Task<StatusCode> StatusOfAsync<T>(Func<AsyncUnaryCall<T>> call)
    {
        try
        {
            await call();
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }
}
