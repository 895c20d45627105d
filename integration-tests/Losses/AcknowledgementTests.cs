using System.Collections.Concurrent;
using EbpfReceiver.IntegrationTests.Peers;
using EbpfReceiver.IntegrationTests.Processes;
using Google.Protobuf;
using Grpc.Net.Client;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Trace.V1;
using Xunit;

namespace EbpfReceiver.IntegrationTests.Losses;

/// <summary>
/// What a sender was told to be taken is stored: the receiver is killed again and again while several send to it as fast as it answers.
/// </summary>
public class AcknowledgementTests
{
    private const int Kills = 4;
    private const int Senders = 6;

    [Fact]
    public void Every_request_that_was_answered_with_success_arrives_however_often_the_receiver_is_killed()
    {
        string queue = Path.Combine(Repository.NewScratch("queue"), "queue");
        int port = FreePort.Take();
        var answered = new ConcurrentBag<string>();
        for (int kill = 0; kill < Kills; kill++)
        {
            using ReceiverUnderTest receiver = Start(port, queue, kill % 2 == 0 ? "interval" : "always");
            int before = answered.Count;
            using var senders = new CountdownEvent(Senders);
            for (int i = 0; i < Senders; i++)
            {
                string name = $"{kill}-{i}-";
                new Thread(() =>
                {
                    SendUntilItFails(receiver.Address, name, answered);
                    senders.Signal();
                }).Start();
            }

            // Every sender has had a few answers, and the moment is any.
            receiver.WaitUntil(() => answered.Count > before + 20 * Senders, "answers", 120);
            Thread.Sleep(Random.Shared.Next(50));
            receiver.Signal(PosixSignalNumber.Kill);
            Assert.True(senders.Wait(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken));
        }

        using CollectorUnderTest collector = CollectorUnderTest.Start(grpcPort: port);
        using ReceiverUnderTest last = Start(port, queue, "interval");
        collector.WaitUntil(() => Missing(collector, answered).Count == 0, "all that was answered", 120);
        Assert.InRange(answered.Count, Kills * 20 * Senders, int.MaxValue);
        Assert.Equal(0, last.Stop().ExitCode);
    }

    private static ReceiverUnderTest Start(int port, string queue, string fsync) => ReceiverUnderTest.Start(
        $"otlp: {{ endpoint: \"http://127.0.0.1:{port}\", retry_on_failure: {{ initial_interval: 100ms, max_interval: 200ms }}, " +
        $"sending_queue: {{ storage: {{ directory: {queue}, fsync: {fsync} }} }} }}",
        probes: "include: [block]", file: false);

    private static void SendUntilItFails(string address, string name, ConcurrentBag<string> answered)
    {
        using GrpcChannel channel = RawExport.Open(address);
        for (int number = 0; ; number++)
        {
            if (RawExport.Call(channel, RawExport.Traces, Request(name + number)) is not null)
                return;
            answered.Add(name + number);
        }
    }

    private static HashSet<string> Missing(CollectorUnderTest collector, IEnumerable<string> answered)
    {
        HashSet<string> missing = [.. answered];
        missing.ExceptWith(collector.Telemetry().Spans.Select(span => span.Name));
        return missing;
    }

    private static byte[] Request(string name)
    {
        var span = new Span { Name = name, TraceId = ByteString.CopyFromUtf8("0123456789abcdef"), SpanId = ByteString.CopyFromUtf8("01234567") };
        return new ExportTraceServiceRequest { ResourceSpans = { new ResourceSpans { ScopeSpans = { new ScopeSpans { Spans = { span } } } } } }.ToByteArray();
    }
}
