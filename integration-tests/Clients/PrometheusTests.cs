using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using EbpfReceiver.IntegrationTests.Peers;
using EbpfReceiver.IntegrationTests.Processes;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Clients;

/// <summary>A real Prometheus scrapes the metrics page, and its linter finds nothing.</summary>
public class PrometheusTests
{
    [Fact]
    public async Task Prometheus_scrapes_what_the_receiver_counts()
    {
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start();
        string directory = Repository.NewScratch();
        int port = FreePort.Take();
        File.WriteAllText(Path.Combine(directory, "prometheus.yml"), $$"""
            global: { scrape_interval: 3s, scrape_timeout: 3s }
            scrape_configs: [ { job_name: receiver, honor_labels: true, static_configs: [ { targets: ["127.0.0.1:{{receiver.MetricsPort}}"] } ] } ]
            """);
        string prometheus = Command.Find("prometheus") ?? throw new FileNotFoundException("prometheus is not installed");
        using RunningProcess scraper = RunningProcess.Start(
            prometheus, ["--config.file=prometheus.yml", $"--web.listen-address=127.0.0.1:{port}", "--storage.tsdb.path=data"], directory);
        (CommandResult server, CommandResult client) = Pairs.Tcp("127.0.0.1", 20, 1000, 500);

        using HttpClient http = new();
        async Task<double?> Query(string expression)
        {
            try
            {
                JsonElement answer = await http.GetFromJsonAsync<JsonElement>($"http://127.0.0.1:{port}/api/v1/query?query={Uri.EscapeDataString(expression)}");
                JsonElement result = answer.GetProperty("data").GetProperty("result");
                return result.GetArrayLength() == 0 ? null : double.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
            }
            catch (HttpRequestException)
            {
                return null; // not up yet
            }
        }

        DateTime limit = DateTime.UtcNow.AddMinutes(3);
        double? up = null, sent = null, processes = null;
        while (DateTime.UtcNow < limit && !(up == 1 && sent >= 20 * 1000 && processes > 0))
        {
            await Task.Delay(500, TestContext.Current.CancellationToken);
            up = await Query("up");
            sent = await Query($"sum({{__name__=~\"process_network_io.*\",network_io_direction=\"transmit\",process_pid=\"{client.ProcessId}\"}})")
                ?? await Query("sum({__name__=~\"process_network_io.*\",network_io_direction=\"transmit\"})");
            processes = await Query("sum({__name__=~\"system_process_created.*\"})");
        }

        Assert.Equal(1, up);
        Assert.True(sent >= 20 * 1000, $"bytes sent: {sent}");
        Assert.True(processes > 0, $"processes created: {processes}");
        Assert.NotEqual(server.ProcessId, client.ProcessId);
    }

    [Theory]
    [InlineData("text/plain; version=0.0.4")]
    [InlineData("application/openmetrics-text; version=1.0.0")]
    public void The_page_is_in_the_format_that_is_asked_for(string accept)
    {
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start();
        Pairs.Tcp("127.0.0.1", 5, 1000, 500);
        receiver.WaitUntil(() => receiver.Get("metrics", accept).Body.Contains("system_process_created", StringComparison.Ordinal), "on the page");
        (bool ok, string page) = receiver.Get("metrics", accept);
        Assert.True(ok, page);
        Assert.Contains("system_process_created", page, StringComparison.Ordinal);
        Assert.Equal(accept.Contains("openmetrics", StringComparison.Ordinal), page.TrimEnd().EndsWith("# EOF", StringComparison.Ordinal));
        if (accept.StartsWith("text/plain", StringComparison.Ordinal))
        {
            CommandResult linted = Command.Run("promtool", ["check", "metrics"], input: page);
            Assert.True(linted.ExitCode == 0, linted.Error + linted.Output);
        }
    }

    [Fact]
    public void It_is_ready_only_while_probes_run()
    {
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start();
        Assert.True(receiver.Get("healthz").Ok);
        Assert.True(receiver.Get("readyz").Ok);
        foreach (JsonElement probe in receiver.Call("ListProbes").GetProperty("probes").EnumerateArray())
        {
            if (probe.GetProperty("state").GetString() == "PROBE_STATE_RUNNING")
                receiver.Call("SetProbeEnabled", $$"""{"name":"{{probe.GetProperty("name").GetString()}}","enabled":false}""");
        }

        Assert.True(receiver.Get("healthz").Ok);
        Assert.False(receiver.Get("readyz").Ok);
    }
}
