using System.Globalization;
using System.Text;
using EbpfReceiver.IntegrationTests.Peers;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Losses;

/// <summary>
/// A sender fills the memory of a receiver whose collector is away: it is told to come back, nothing that was taken is lost, and once the
/// collector is back there is room again.
/// </summary>
public class MemoryLimitTests
{
    private const int LimitMib = 96;
    private const int RecordBytes = 1 << 20;

    [Fact]
    public void At_the_memory_limit_senders_are_sent_back_until_the_collector_is_there_and_what_was_taken_arrives()
    {
        int port = FreePort.Take();
        // No probe that makes log records of its own, and a queue that is larger than the limit.
        using ReceiverUnderTest receiver = ReceiverUnderTest.Start(
            $"otlp: {{ endpoint: \"http://127.0.0.1:{port}\", retry_on_failure: {{ initial_interval: 200ms, max_interval: 1s }}, "
            + "sending_queue: { max_bytes: 1GiB } }",
            probes: "include: [block]", file: false, root: $"memory_limit_mib: {LimitMib}");
        using GrpcChannel channel = RawExport.Open(receiver.Address);
        int taken = 0;
        RpcException? refusal = null;
        long most = 0;
        for (; refusal is null; taken += refusal is null ? 1 : 0)
        {
            Assert.InRange(taken, 0, 2 * LimitMib);
            refusal = RawExport.Call(channel, RawExport.Logs, Request(taken));
            most = Math.Max(most, Resident(receiver));
        }

        Assert.Equal((StatusCode.Unavailable, "The receiver has reached its memory limit (memory_limit_mib)."), (refusal.StatusCode, refusal.Status.Detail));
        byte[] details = refusal.Trailers.GetValueBytes("grpc-status-details-bin")!;
        Assert.Contains("type.googleapis.com/google.rpc.RetryInfo", Encoding.ASCII.GetString(details), StringComparison.Ordinal);
        Assert.InRange(taken, 10, 2 * LimitMib);
        // It stays so while the collector is away: memory is bounded whatever senders do.
        for (int i = 0; i < 20; i++)
        {
            if (RawExport.Call(channel, RawExport.Logs, Request(taken)) is null)
                taken++;
            most = Math.Max(most, Resident(receiver));
        }

        // What a burst brings between two looks comes on top.
        Assert.InRange(most, 1, (LimitMib + 32L) << 20);

        using CollectorUnderTest collector = CollectorUnderTest.Start(grpcPort: port);
        collector.WaitUntil(
            () =>
            {
                if (RawExport.Call(channel, RawExport.Logs, Request(taken)) is not null)
                    return false;
                taken++;
                return true;
            },
            "taken again",
            120);
        receiver.WaitUntil(() => new Account(receiver.Call("GetStats")).Outlet("otlp", "sent") >= taken, "all sent", 120);
        Assert.InRange(collector.Counter("otelcol_receiver_accepted_log_records"), taken, double.MaxValue);
        Account account = new(receiver.Call("GetStats"));
        Assert.All(
            (string[])["dropped", "refused", "failed"], loss => Assert.Equal((loss, 0L), (loss, account.Outlet("otlp", loss))));
        // A second time, now that the heap has been full once.
        for (int i = 0; i < 20; i++, taken++)
            Assert.Null(RawExport.Call(channel, RawExport.Logs, Request(taken)));
        Assert.Equal(0, receiver.Stop().ExitCode);
        File.Delete(collector.TelemetryPath);
    }

    private static byte[] Request(int number)
    {
        byte[] body = new byte[RecordBytes / 2];
        new Random(number).NextBytes(body);
        var record = new LogRecord { Body = new AnyValue { StringValue = Convert.ToHexString(body) } };
        return new ExportLogsServiceRequest { ResourceLogs = { new ResourceLogs { ScopeLogs = { new ScopeLogs { LogRecords = { record } } } } } }.ToByteArray();
    }

    private static long Resident(ReceiverUnderTest receiver)
    {
        string line = File.ReadLines($"/proc/{receiver.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
    }
}
