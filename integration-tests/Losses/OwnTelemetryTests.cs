using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using EbpfReceiver.IntegrationTests.Operations;
using EbpfReceiver.IntegrationTests.Peers;
using EbpfReceiver.IntegrationTests.Processes;
using Grpc.Core;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Losses;

/// <summary>Each cause of loss is forced; each outlet and GetStats then say the same of it.</summary>
public partial class OwnTelemetryTests
{
    private const int Kernel = 200;
    private const string Unclassified =
        "ebpf_receiver.samples.dropped{ebpf_receiver.drop.cause=unclassified,ebpf_receiver.drop.stage=router,ebpf_receiver.sample.kind=unknown}";

    private const string Connection = "ebpf_receiver.sample.kind=tcp_connection";

    private const string Undecodable =
        $"ebpf_receiver.samples.dropped{{ebpf_receiver.drop.cause=undecodable,ebpf_receiver.drop.stage=router,{Connection}}}";

    /// <summary>Counters that stand still when there is nothing to count: of others the page or the file has an older number.</summary>
    private static readonly string[] s_counters =
    [
        "ebpf_receiver.samples.", "ebpf_receiver.items.", "ebpf_receiver.probe.runs", "ebpf_receiver.reader.lost",
        "ebpf_receiver.endpoint.requests", "ebpf_receiver.endpoint.items", "ebpf_receiver.endpoint.rejected", "ebpf_receiver.endpoint.deferred",
        "ebpf_receiver.outlet.dropped", "ebpf_receiver.outlet.retries",
    ];

    [Fact]
    public void Every_counter_comes_out_of_every_outlet_with_the_same_number()
    {
        using CollectorUnderTest collector = CollectorUnderTest.Start();
        using ScriptedCollector scripted = ScriptedCollector.Start();
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start(
            $$"""
            console: { events: false }
              otlp: { endpoint: "http://127.0.0.1:{{collector.GrpcPort}}" }
              otlp_http:
                endpoint: "{{scripted.Endpoint}}"
                timeout: 1s
                metrics: { enabled: false }
                logs: { enabled: false }
                retry_on_failure: { initial_interval: 100ms, max_interval: 100ms, max_elapsed_time: 1s }
                sending_queue: { num_consumers: 1, queue_size: 2 }
            """,
            "map_entries: { tcp_connections: 8, tcp_processes: 4 }, sample_buffer: { size_per_cpu: 8192 }");
        ForceEveryLoss(receiver, scripted);

        string[] forced =
        [
            $"ebpf_receiver.samples.dropped{{ebpf_receiver.drop.cause=buffer_full,ebpf_receiver.drop.stage=kernel,{Connection}}}",
            $"ebpf_receiver.samples.dropped{{ebpf_receiver.drop.cause=failed,ebpf_receiver.drop.stage=kernel,{Connection}}}",
            Undecodable,
            Unclassified,
            $"ebpf_receiver.samples.unmade{{{Connection}}}",
            $"ebpf_receiver.samples.overflowed{{{Connection}}}",
            "ebpf_receiver.reader.lost{}",
            Outlet("rejected"),
            Outlet("not_retryable"),
            Outlet("expired"),
            Outlet("queue_full"),
            "ebpf_receiver.outlet.retries{ebpf_receiver.outlet.name=otlp_http}",
            "ebpf_receiver.endpoint.rejected{ebpf_receiver.signal=traces}",
        ];
        Assert.All(forced, key => Assert.True(Statistics(receiver).GetValueOrDefault(key) > 0, $"{key} was not forced"));
        Assert.Equal(3, Statistics(receiver)[forced[2]]);
        Assert.Equal(2, Statistics(receiver)[forced[3]]);

        foreach ((string outlet, Func<OwnNumbers, OwnNumbers> read) in Outlets(receiver, collector))
            AssertAgrees(receiver, outlet, read);

        // The console says only what was lost, in words.
        foreach ((string words, string key) in new[]
        {
            ("samples dropped: tcp connection kernel buffer full", forced[0]),
            ("samples dropped: tcp connection router undecodable", forced[2]),
            ("outlet dropped: otlp http rejected", Outlet("rejected")),
            ("outlet dropped: otlp http queue full", Outlet("queue_full")),
        })
        {
            receiver.WaitUntil(() => Shown(receiver.Log, words) == Statistics(receiver)[key], $"the number of \"{words}\" on the console");
        }
    }

    [Fact]
    public void A_full_disk_is_a_fault_of_ours_and_counted()
    {
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start("file: { path: /dev/full }", file: false);
        const string Key = "ebpf_receiver.outlet.dropped{ebpf_receiver.drop.cause=failed,ebpf_receiver.outlet.name=file}";
        receiver.WaitUntil(() => Statistics(receiver)[Key] > 0, "a drop of the file exporter");
        receiver.WaitUntil(
            () => OwnNumbers.OfPage(ExposedPage.Read(receiver.Get("metrics").Body), Statistics(receiver)).GetValueOrDefault(Key) > 0,
            "it on the page");
        receiver.WaitUntil(() => new Account(receiver.Call("GetStats")).Outlet("file", "failed") > 0, "it in the summary of the exporter");
    }

    /// <summary>
    /// Counters go on counting: an outlet's number lies between what GetStats says before and after, and is that of both where the two are
    /// the same, as they are for most losses once nothing forces them.
    /// </summary>
    private static void AssertAgrees(ReceiverUnderTest receiver, string outlet, Func<OwnNumbers, OwnNumbers> read)
    {
        OwnNumbers before = Statistics(receiver), seen = read(before);
        for (int wait = 0; wait < 240 && !Reaches(seen, before); wait++)
        {
            Thread.Sleep(500);
            seen = read(before);
        }

        OwnNumbers after = Statistics(receiver);
        Assert.Empty(before.Keys.Except(seen.Keys).Select(key => $"{outlet}: {key}"));
        Assert.All(before.Keys.Where(IsCounter), key => Assert.InRange(seen[key], before[key], after[key]));
    }

    private static bool Reaches(OwnNumbers seen, OwnNumbers before) =>
        before.All(of => seen.TryGetValue(of.Key, out double value) && (!IsCounter(of.Key) || value >= of.Value));

    private static IEnumerable<(string Outlet, Func<OwnNumbers, OwnNumbers> Read)> Outlets(
        ReceiverUnderTest receiver, CollectorUnderTest collector)
    {
        yield return ("the file", _ => OwnNumbers.OfLines(receiver.TelemetryPath));
        yield return ("the collector", _ => OwnNumbers.OfLines(collector.TelemetryPath));
        yield return ("the metrics page", before => OwnNumbers.OfPage(ExposedPage.Read(receiver.Get("metrics").Body), before));
        string cursor = "0";
        OwnNumbers pulled = [];
        yield return ("Pull", before => Pull(receiver, ref cursor, pulled, before));
        yield return ("Tail", _ => Tailed(receiver));
    }

    /// <summary>Each cause in turn, by what really causes it.</summary>
    private static void ForceEveryLoss(ReceiverUnderTest receiver, ScriptedCollector scripted)
    {
        // A reader that stands still: the buffers fill.
        receiver.Signal(PosixSignalNumber.Stop);
        Refused(3000);
        receiver.Signal(PosixSignalNumber.Continue);

        // More connections open at a time, and more processes, than the maps hold.
        using (TcpListener listener = new(IPAddress.Loopback, 0))
        {
            listener.Start(128);
            List<TcpClient> clients = [];
            for (int i = 0; i < 50; i++)
            {
                clients.Add(new TcpClient());
                clients[i].Connect((IPEndPoint)listener.LocalEndpoint);
            }

            clients.ForEach(client => client.Dispose());
        }

        for (int i = 0; i < 6; i++)
            Pairs.Tcp("127.0.0.1", 1, 100, 100);

        // What the other side says.
        Provoke(receiver, scripted, ScriptedCollector.Answer.RejectOne, "rejected");
        Provoke(receiver, scripted, ScriptedCollector.Answer.Refuse, "not_retryable");
        Provoke(receiver, scripted, ScriptedCollector.Answer.NotNow, "expired");
        Provoke(receiver, scripted, ScriptedCollector.Answer.Hang, "queue_full");
        scripted.Next = ScriptedCollector.Answer.Accept;

        // Bytes that are no request.
        Assert.Equal(StatusCode.InvalidArgument, RawExport.Send(receiver.Address, [0xff, 0xff, 0xff]));

        // Samples that are none, and a CPU whose buffer is gone; it stays gone.
        string map = SamplesMap(receiver.Id);
        Command.Run(Repository.Injector, [map, "5", "56", "3"]).EnsureSuccess();
        Command.Run(Repository.Injector, [map, $"{Kernel}", "56", "2"]).EnsureSuccess();
        Command.Run("bpftool", ["map", "delete", "id", map, "key", "0", "0", "0", "0"]).EnsureSuccess();
        Command.Run("taskset", ["-c", "0", Repository.Workload, "refused", "127.0.0.1", $"{FreePort.Take()}", "20"]).EnsureSuccess();
        receiver.WaitUntil(
            () => Statistics(receiver) is var now && now.GetValueOrDefault(Unclassified) >= 2 && now.GetValueOrDefault(Undecodable) >= 3,
            "what was injected");
    }

    private static void Provoke(ReceiverUnderTest receiver, ScriptedCollector scripted, ScriptedCollector.Answer answer, string cause)
    {
        scripted.Next = answer;
        for (int i = 0; i < 400 && Statistics(receiver).GetValueOrDefault(Outlet(cause)) == 0; i++)
        {
            Refused(20);
            Thread.Sleep(250);
        }
    }

    private static void Refused(int connects) =>
        Command.Run(Repository.Workload, ["refused", "127.0.0.1", $"{FreePort.Take()}", $"{connects}"]).EnsureSuccess();

    private static string Outlet(string cause) =>
        $"ebpf_receiver.outlet.dropped{{ebpf_receiver.drop.cause={cause},ebpf_receiver.outlet.name=otlp_http}}";

    private static bool IsCounter(string key) => s_counters.Any(counter => key.StartsWith(counter, StringComparison.Ordinal));

    private static OwnNumbers Statistics(ReceiverUnderTest receiver) => OwnNumbers.OfStatistics(receiver.Statistics());

    /// <summary>
    /// Takes what came since the cursor, page by page, until it has the numbers of before. It can't wait for an empty page: on a busy
    /// machine a call takes longer than the next metrics do.
    /// </summary>
    private static OwnNumbers Pull(ReceiverUnderTest receiver, ref string cursor, OwnNumbers numbers, OwnNumbers before)
    {
        for (int page = 0; page < 300 && !Reaches(numbers, before); page++)
        {
            JsonElement answer = receiver.Call("Pull", $$"""{"signal":"SIGNAL_METRICS","cursor":"{{cursor}}"}""");
            if (!answer.TryGetProperty("metrics", out JsonElement metrics) || metrics.ValueKind != JsonValueKind.Object)
                break;
            numbers.AddOtlp(metrics);
            cursor = answer.GetProperty("nextCursor").GetString()!;
        }

        return numbers;
    }

    private static OwnNumbers Tailed(ReceiverUnderTest receiver)
    {
        OwnNumbers numbers = [];
        string output = ReflectionClient.Call(
            receiver.Address, "ebpfreceiver.v1.ReceiverService", "Tail", """{"signals":["SIGNAL_METRICS"]}""");
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.TryGetProperty("metrics", out JsonElement metrics) && metrics.ValueKind == JsonValueKind.Object)
                numbers.AddOtlp(metrics);
        }

        return numbers;
    }

    /// <summary>The sum of what the summaries on the console say was lost in so many words.</summary>
    private static double Shown(string log, string words) => LostLine().Matches(log)
        .Where(line => line.Groups["words"].Value == words)
        .Sum(line => double.Parse(line.Groups["count"].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture));

    /// <summary>The kernel's id of the receiver's perf event array.</summary>
    private static string SamplesMap(int process)
    {
        foreach (string file in Directory.GetFiles($"/proc/{process}/fdinfo"))
        {
            string text = TextOf(file);
            if (PerfEventArray().Match(text) is { Success: true } && MapId().Match(text) is { Success: true } id)
                return id.Groups["id"].Value;
        }

        throw new InvalidOperationException("the receiver has no perf event array");
    }

    private static string TextOf(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return ""; // of a connection that is closed by now
        }
    }

    [GeneratedRegex(@"lost: (?<count>[\d,]+) (?<words>[^\r\n]+)")]
    private static partial Regex LostLine();

    [GeneratedRegex(@"^map_type:\s*4$", RegexOptions.Multiline)]
    private static partial Regex PerfEventArray();

    [GeneratedRegex(@"^map_id:\s*(?<id>\d+)$", RegexOptions.Multiline)]
    private static partial Regex MapId();
}
