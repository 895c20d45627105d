using System.Text.Json;
using System.Text.Json.Nodes;

namespace EbpfReceiver.Otlp.Tests.Files;

public sealed class FileOutletTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("otlp-file").FullName;

    [Fact]
    public async Task Each_request_is_a_line_of_JSON_after_what_was_there()
    {
        string path = Path.Combine(_folder, "telemetry.jsonl");
        await File.WriteAllTextAsync(path, "{\"old\":1}\n", TestContext.Current.CancellationToken);
        using var outlet = new FileOutlet(new FileOutletOptions { Path = path });
        var fanout = new Fanout([outlet]);
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        fanout.Publish(SampleBatches.Spans(2));
        fanout.Publish(SampleBatches.Logs(3));
        fanout.Publish(SampleBatches.Metrics(4));
        fanout.Publish(SampleBatches.Spans(1, padding: 200_000));
        await outlet.StopAsync(CancellationToken.None);

        string[] lines = await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(5, lines.Length);
        Assert.Equal("{\"old\":1}", lines[0]);
        Assert.Equal(2, JsonNode.Parse(lines[1])!["resourceSpans"]![0]!["scopeSpans"]![0]!["spans"]!.AsArray().Count);
        Assert.Equal(3, JsonNode.Parse(lines[2])!["resourceLogs"]![0]!["scopeLogs"]![0]!["logRecords"]!.AsArray().Count);
        JsonNode metric = JsonNode.Parse(lines[3])!["resourceMetrics"]![0]!["scopeMetrics"]![0]!["metrics"]![0]!;
        Assert.Equal("3", metric["sum"]!["dataPoints"]![3]!["asInt"]!.GetValue<string>());
        Assert.True(lines[4].Length > 200_000);
        Assert.Equal(3, outlet.Statistics.Delivered(Signal.Traces));
        Assert.Equal(0, outlet.Statistics.Queued);
    }

    [Fact]
    public async Task Lines_reach_the_file_while_it_runs()
    {
        string path = Path.Combine(_folder, "telemetry.jsonl");
        using var outlet = new FileOutlet(new FileOutletOptions { Path = path, FlushInterval = TimeSpan.FromMilliseconds(20) });
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        new Fanout([outlet]).Publish(SampleBatches.Spans(1));
        for (int i = 0; i < 12_000 && !(File.Exists(path) && new FileInfo(path).Length > 0); i++)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.EndsWith("}\n", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await outlet.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_full_disk_is_said_once_and_counted()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");
        var log = new RecordedLog();
        using var outlet = new FileOutlet(new FileOutletOptions { Path = "/dev/full", ReopenDelay = TimeSpan.Zero }, log);
        var fanout = new Fanout([outlet]);
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        for (int i = 0; i < 5; i++)
            fanout.Publish(SampleBatches.Spans(2, padding: i * 20_000));
        await outlet.StopAsync(CancellationToken.None);

        Assert.Equal(10, outlet.Statistics.Dropped(Signal.Traces, DropCause.Failed));
        Assert.Equal(0, outlet.Statistics.Delivered(Signal.Traces));
        Assert.Contains("No space left", Assert.Single(log.Lines).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_goes_on_when_the_file_can_be_written_again()
    {
        string folder = Path.Combine(_folder, "later");
        string path = Path.Combine(folder, "telemetry.jsonl");
        var log = new RecordedLog();
        using var outlet = new FileOutlet(new FileOutletOptions { Path = path, ReopenDelay = TimeSpan.Zero }, log);
        var fanout = new Fanout([outlet]);
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        fanout.Publish(SampleBatches.Spans(1));
        await SettledAsync(outlet);
        Assert.Equal(1, outlet.Statistics.Dropped(Signal.Traces, DropCause.Failed));
        Directory.CreateDirectory(folder);
        fanout.Publish(SampleBatches.Spans(7));
        await outlet.StopAsync(CancellationToken.None);

        Assert.Equal(7, outlet.Statistics.Delivered(Signal.Traces));
        Assert.Single(await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal(2, log.Lines.Count);
    }

    [Fact]
    public async Task Malformed_requests_are_counted_and_leave_no_line()
    {
        string path = Path.Combine(_folder, "telemetry.jsonl");
        using var outlet = new FileOutlet(new FileOutletOptions { Path = path });
        var fanout = new Fanout([outlet]);
        await outlet.StartAsync(TestContext.Current.CancellationToken);
        fanout.Publish(Batch.Copy(Signal.Traces, 3, [0x0a, 0x7f]));
        fanout.Publish(SampleBatches.Spans(2));
        await outlet.StopAsync(CancellationToken.None);

        Assert.Equal(3, outlet.Statistics.Dropped(Signal.Traces, DropCause.Failed));
        string line = Assert.Single(await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken));
        JsonDocument.Parse(line).Dispose();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task SettledAsync(FileOutlet outlet)
    {
        for (int i = 0; i < 24_000 && outlet.Statistics.Queued > 0; i++)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        Assert.Equal(0, outlet.Statistics.Queued);
    }
}
