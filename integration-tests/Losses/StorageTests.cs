using System.Globalization;
using System.Text.Json;
using EbpfReceiver.IntegrationTests.Peers;
using EbpfReceiver.IntegrationTests.Processes;
using EbpfReceiver.IntegrationTests.Telemetry;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Losses;

/// <summary>
/// The queue on disk of the whole program: killed again and again under load while the collector is away, and while it is back.
/// </summary>
public class StorageTests
{
    private const int Execs = 100;

    [Fact]
    public void What_was_stored_when_the_program_was_killed_arrives_when_the_collector_is_back()
    {
        string queue = Path.Combine(Repository.NewScratch("queue"), "queue");
        int port = FreePort.Take();
        string exporter = Exporter(port, queue);
        List<int> parents = [];
        for (int round = 0; round < 3; round++)
        {
            using ReceiverUnderTest receiver = ReceiverUnderTest.Start(exporter);
            parents.Add(ExecuteUntilStored(receiver, $"round-{round}"));
            KillUnderLoad(receiver);
        }

        using CollectorUnderTest collector = CollectorUnderTest.Start(grpcPort: port);
        using (ReceiverUnderTest receiver = ReceiverUnderTest.Start(exporter))
        {
            receiver.WaitUntil(
                () => receiver.Get("metrics").Body.Contains("outlet_storage_recovered", StringComparison.Ordinal), "recovered");
            collector.WaitUntil(() => AllThere(collector, parents), "all of three rounds at the collector");
            // Once more, while what is stored is sent at once.
            parents.Add(ExecuteUntilStored(receiver, "delivered"));
            KillUnderLoad(receiver);
        }

        using ReceiverUnderTest last = ReceiverUnderTest.Start(exporter);
        collector.WaitUntil(() => AllThere(collector, parents), "all of four rounds at the collector");
        Assert.Equal(0, last.Stop().ExitCode);
        // Nothing was made up: whatever arrived for these parents is an exec of a child that there was.
        foreach (int parent in parents)
            Assert.Equal(Execs, Children(collector.Telemetry(), parent).Distinct().Count());
    }

    [Fact]
    public void A_second_receiver_on_the_same_directory_is_refused_with_the_remedy()
    {
        string queue = Path.Combine(Repository.NewScratch("queue"), "queue");
        string exporter = Exporter(FreePort.Take(), queue);
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start(exporter);
        string directory = Repository.NewScratch("second");
        string configuration = $"exporters: {{ {exporter} }}\nreceiver: {{ endpoint: \"127.0.0.1:{FreePort.Take()}\" }}\n";
        File.WriteAllText(Path.Combine(directory, "config.yaml"), configuration);
        using RunningProcess second = RunningProcess.Start(Repository.Receiver, ["run", "--config", "config.yaml"], directory);
        Assert.Equal(1, second.WaitForExit(TimeSpan.FromMinutes(2)));
        string refusal = $"exporters.otlp: the queue directory {queue}/otlp is in use by process {receiver.Id}";
        Assert.Contains(refusal, second.Error, StringComparison.Ordinal);
        Assert.Contains("sending_queue.storage.directory", second.Error, StringComparison.Ordinal);
    }

    private static string Exporter(int port, string queue) =>
        $"otlp: {{ endpoint: \"http://127.0.0.1:{port}\", retry_on_failure: {{ initial_interval: 100ms, max_interval: 200ms }}, " +
        $"sending_queue: {{ storage: {{ directory: {queue} }} }} }}";

    /// <summary>Executes programs and waits until what was seen of them is on disk, or sent.</summary>
    /// <returns>Their parent.</returns>
    private static int ExecuteUntilStored(ReceiverUnderTest receiver, string name)
    {
        CommandResult execs = Command.Run(Repository.Workload, ["exec", $"{Execs}", "0", name]).EnsureSuccess();
        // The file has what was published; then nothing of it may be in memory alone.
        receiver.WaitUntil(() => Children(receiver.Telemetry(), execs.ProcessId).Distinct().Count() == Execs, "published");
        receiver.WaitUntil(() => QueuedInMemory(receiver) == 0, "stored");
        return execs.ProcessId;
    }

    private static void KillUnderLoad(ReceiverUnderTest receiver)
    {
        using RunningProcess load = RunningProcess.Start(Repository.Workload, ["refused", "127.0.0.1", $"{FreePort.Take()}", "10000000"]);
        Thread.Sleep(Random.Shared.Next(200, 1500));
        receiver.Signal(PosixSignalNumber.Kill);
    }

    private static bool AllThere(CollectorUnderTest collector, List<int> parents)
    {
        TelemetryFile telemetry = collector.Telemetry();
        return parents.TrueForAll(parent => Children(telemetry, parent).Distinct().Count() == Execs);
    }

    private static IEnumerable<long> Children(TelemetryFile telemetry, int parent) => telemetry.Logs
        .Where(log => log.EventName == "process.exec" && Equals(log.Find("process.parent_pid"), (long)parent))
        .Select(log => (long)log.Find("process.pid")!);

    private static long QueuedInMemory(ReceiverUnderTest receiver)
    {
        JsonElement outlets = receiver.Call("GetStats").GetProperty("outlets");
        JsonElement otlp = outlets.EnumerateArray().Single(o => o.GetProperty("name").GetString() == "otlp");
        return otlp.TryGetProperty("queueSize", out JsonElement size) ? long.Parse(size.GetString()!, CultureInfo.InvariantCulture) : 0;
    }
}
