using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using EbpfReceiver.IntegrationTests.Peers;
using EbpfReceiver.IntegrationTests.Processes;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Operations;

/// <summary>Dashboard and alerts speak of metrics that there are.</summary>
public class DashboardTests
{
    /// <summary>Labels that Prometheus or the exposition gives to every series, and a histogram's bound.</summary>
    private static readonly string[] s_givenLabels = ["job", "instance", "le"];

    [Fact]
    public void Every_panel_has_its_place_and_asks_the_chosen_data_source()
    {
        JsonElement dashboard = OperationFiles.Dashboard();
        JsonElement[] panels = [.. dashboard.GetProperty("panels").EnumerateArray()];
        Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        HashSet<(int X, int Y)> taken = [];
        foreach (JsonElement panel in panels)
        {
            JsonElement place = panel.GetProperty("gridPos");
            int x = place.GetProperty("x").GetInt32(), y = place.GetProperty("y").GetInt32();
            int width = place.GetProperty("w").GetInt32(), height = place.GetProperty("h").GetInt32();
            Assert.InRange(x + width, 1, 24);
            for (int column = x; column < x + width; column++)
            {
                for (int line = y; line < y + height; line++)
                    Assert.True(taken.Add((column, line)), $"{panel.GetProperty("title")} overlaps another panel");
            }

            if (panel.GetProperty("type").GetString() == "row")
                continue;
            Assert.Equal("${datasource}", panel.GetProperty("datasource").GetProperty("uid").GetString());
            Assert.NotEmpty(panel.GetProperty("targets").EnumerateArray());
            Assert.All(
                panel.GetProperty("targets").EnumerateArray(),
                target => Assert.Equal("${datasource}", target.GetProperty("datasource").GetProperty("uid").GetString()));
        }

        IEnumerable<JsonElement> variables = dashboard.GetProperty("templating").GetProperty("list").EnumerateArray();
        Assert.Equal(["datasource", "instance"], variables.Select(variable => variable.GetProperty("name").GetString()));
    }

    [Fact]
    public void Every_expression_of_the_dashboard_is_PromQL()
    {
        string directory = Repository.NewScratch();
        IEnumerable<object> rules = OperationFiles.DashboardExpressions()
            .Select((of, index) => new { record = $"panel:{index}", expr = of.Expression });
        // JSON is YAML, too.
        string document = JsonSerializer.Serialize(new { groups = new[] { new { name = "dashboard", rules } } });
        File.WriteAllText(Path.Combine(directory, "rules.yaml"), document);
        CommandResult result = Command.Run("promtool", ["check", "rules", "rules.yaml"], directory: directory);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    [Fact]
    public void Every_metric_and_label_that_they_name_is_on_the_page()
    {
        // A queue on disk has metrics of its own; nobody listens where it sends to.
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start(
            $"otlp: {{ endpoint: \"http://127.0.0.1:{FreePort.Take()}\", sending_queue: {{ storage: {{ directory: {Repository.NewScratch()} }} }} }}");
        using Socket crowded = Crowded();
        (string Of, PromExpression Names)[] named =
        [
            .. OperationFiles.DashboardExpressions().Select(of => (of.Panel, PromExpression.Read(of.Expression))),
            .. OperationFiles.Alerts().Select(rule => ($"{rule["alert"]}", PromExpression.Read($"{rule["expr"]}"))),
        ];
        Assert.InRange(named.SelectMany(of => of.Names.Metrics).Distinct().Count(), 40, 200);

        IEnumerable<string> missing = [];
        for (int attempt = 0; attempt < 60; attempt++)
        {
            Work();
            (bool ok, string body) = receiver.Get("metrics", "text/plain; version=0.0.4");
            ExposedPage page = ExposedPage.Read(ok ? body : "");
            missing = [.. named.SelectMany(of => Missing(of.Of, of.Names, page))];
            if (!missing.Any())
                break;
            Thread.Sleep(1000);
        }

        Assert.Empty(missing);
    }

    /// <summary>A server whose queue is full, and clients whose first segment is sent again and again: retransmissions.</summary>
    private static Socket Crowded()
    {
        Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen(0);
        for (int i = 0; i < 5; i++)
        {
            Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            try
            {
                client.Connect(server.LocalEndPoint!);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
                // Under way, as is meant.
            }
        }

        return server;
    }

    private static IEnumerable<string> Missing(string of, PromExpression names, ExposedPage page)
    {
        HashSet<string> labels = [.. s_givenLabels];
        foreach (string metric in names.Metrics)
        {
            if (page.LabelsOf(metric) is { } found)
                labels.UnionWith(found);
            else
                yield return $"{of}: metric {metric}";
        }

        foreach (string label in names.Labels.Except(labels))
            yield return $"{of}: label {label}";
    }

    // Something of every kind that the dashboard shows.
    private static void Work()
    {
        Pairs.Tcp("127.0.0.1", 3, 1000, 500);
        Pairs.Tls(2, 1000, 500);
        Command.Run(Repository.Workload, ["refused", "127.0.0.1", $"{FreePort.Take()}", "5"]).EnsureSuccess();
        Command.Run("getent", ["ahosts", "localhost"]).EnsureSuccess();
        // A name that can't be: this one fails.
        Command.Run("getent", ["ahosts", "no-such-name.invalid"]);
        const string File = "/var/tmp/ebpf-receiver-block";
        Command.Shell($"dd if=/dev/zero of={File} bs=4k count=16 conv=fsync status=none; rm {File}").EnsureSuccess();
    }
}
