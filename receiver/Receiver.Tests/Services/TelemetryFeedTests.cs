using System.Diagnostics;
using EbpfReceiver.Otlp;
using EbpfReceiver.Proto.V1;
using Grpc.Core;
using Signal = EbpfReceiver.Otlp.Signal;
using StatusCode = Grpc.Core.StatusCode;

namespace EbpfReceiver.Tests.Services;

public class TelemetryFeedTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pull_joins_the_batches_since_the_cursor()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Parts.Fanout.Publish(Samples.BatchOf(Signal.Traces, 2, Samples.Spans("a", "b")));
        server.Parts.Fanout.Publish(Samples.BatchOf(Signal.Traces, 1, Samples.Spans("c")));
        ReceiverService.ReceiverServiceClient client = new(server.Channel);

        PullResponse first = await client.PullAsync(new PullRequest { Signal = Proto.V1.Signal.Traces }, cancellationToken: Cancel);
        Assert.Equal((3ul, 0ul, 3u), (first.NextCursor, first.MissedItems, first.Items));
        Assert.Equal(["a", "b", "c"], first.Traces.ResourceSpans.SelectMany(r => r.ScopeSpans[0].Spans).Select(s => s.Name));

        PullResponse nothing = await PullAsync(client, first.NextCursor);
        Assert.Equal((3ul, 0u, PullResponse.DataOneofCase.None), (nothing.NextCursor, nothing.Items, nothing.DataCase));

        server.Parts.Fanout.Publish(Samples.BatchOf(Signal.Traces, 1, Samples.Spans("d")));
        PullResponse next = await PullAsync(client, first.NextCursor);
        Assert.Equal((4ul, 1u, "d"), (next.NextCursor, next.Items, next.Traces.ResourceSpans[0].ScopeSpans[0].Spans[0].Name));
    }

    [Fact]
    public async Task Pull_stops_at_a_batch_once_it_has_the_items_that_were_asked_for()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Parts.Fanout.Publish(Samples.BatchOf(Signal.Traces, 2, Samples.Spans("a", "b")));
        server.Parts.Fanout.Publish(Samples.BatchOf(Signal.Traces, 1, Samples.Spans("c")));
        PullResponse first = await new ReceiverService.ReceiverServiceClient(server.Channel)
            .PullAsync(new PullRequest { Signal = Proto.V1.Signal.Traces, MaxItems = 2 }, cancellationToken: Cancel);
        Assert.Equal((2ul, 2u), (first.NextCursor, first.Items));
    }

    [Fact]
    public async Task Pull_gives_one_batch_of_profiles_for_each_has_its_own_dictionary()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Parts.Fanout.Publish(Samples.BatchOf(Signal.Profiles, 1, Samples.Profiles("one")));
        server.Parts.Fanout.Publish(Samples.BatchOf(Signal.Profiles, 1, Samples.Profiles("two")));
        ReceiverService.ReceiverServiceClient client = new(server.Channel);
        PullResponse first = await client.PullAsync(new PullRequest { Signal = Proto.V1.Signal.Profiles }, cancellationToken: Cancel);
        Assert.Equal((1ul, 1u), (first.NextCursor, first.Items));
        Assert.Equal(["", "one"], first.Profiles.Dictionary.StringTable);
        PullResponse second = await client.PullAsync(
            new PullRequest { Signal = Proto.V1.Signal.Profiles, Cursor = first.NextCursor }, cancellationToken: Cancel);
        Assert.Equal(["", "two"], second.Profiles.Dictionary.StringTable);
    }

    [Fact]
    public async Task Pull_tells_how_many_items_were_no_longer_kept()
    {
        await using TestServer server = await TestServer.StartAsync();
        const int Kept = 256; // LiveOutletOptions.MaxBatches
        for (int i = 0; i < Kept + 10; i++) server.Parts.Fanout.Publish(Samples.BatchOf(Signal.Logs, 1, Samples.Logs()));
        PullResponse response = await new ReceiverService.ReceiverServiceClient(server.Channel)
            .PullAsync(new PullRequest { Signal = Proto.V1.Signal.Logs }, cancellationToken: Cancel);
        Assert.Equal((266ul, 10ul, 256u), (response.NextCursor, response.MissedItems, response.Items));
    }

    [Fact]
    public async Task Pull_waits_for_what_comes()
    {
        await using TestServer server = await TestServer.StartAsync();
        var request = new PullRequest { Signal = Proto.V1.Signal.Logs, WaitMilliseconds = 30_000 };
        AsyncUnaryCall<PullResponse> call = new ReceiverService.ReceiverServiceClient(server.Channel).PullAsync(request, cancellationToken: Cancel);
        await Task.Delay(300, Cancel);
        Assert.False(call.ResponseAsync.IsCompleted);
        server.Parts.Fanout.Publish(Samples.BatchOf(Signal.Logs, 1, Samples.Logs()));
        Assert.Equal("hello", (await call).Logs.ResourceLogs[0].ScopeLogs[0].LogRecords[0].Body.StringValue);
    }

    [Fact]
    public async Task Pull_gives_up_waiting_when_the_time_is_over()
    {
        await using TestServer server = await TestServer.StartAsync();
        long start = Stopwatch.GetTimestamp();
        PullResponse response = await new ReceiverService.ReceiverServiceClient(server.Channel).PullAsync(
            new PullRequest { Signal = Proto.V1.Signal.Logs, WaitMilliseconds = 200 }, cancellationToken: Cancel);
        Assert.Equal(PullResponse.DataOneofCase.None, response.DataCase);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 180, 120_000);
    }

    [Fact]
    public async Task Pull_without_a_signal_is_an_invalid_argument()
    {
        await using TestServer server = await TestServer.StartAsync();
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => new ReceiverService.ReceiverServiceClient(server.Channel)
            .PullAsync(new PullRequest(), cancellationToken: Cancel).ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
    }

    [Fact]
    public async Task Tail_streams_what_comes_of_the_signals_that_were_asked_for()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Parts.Fanout.Publish(Samples.BatchOf(Signal.Logs, 1, Samples.Logs()));
        using AsyncServerStreamingCall<TailResponse> call = new ReceiverService.ReceiverServiceClient(server.Channel)
            .Tail(new TailRequest { Signals = { Proto.V1.Signal.Traces, Proto.V1.Signal.Logs }, FromOldest = true }, cancellationToken: Cancel);
        Assert.True(await call.ResponseStream.MoveNext(Cancel));
        Assert.Equal(TailResponse.DataOneofCase.Logs, call.ResponseStream.Current.DataCase);

        server.Parts.Fanout.Publish(Samples.BatchOf(Signal.Metrics, 2, Samples.Points()));
        server.Parts.Fanout.Publish(Samples.BatchOf(Signal.Traces, 1, Samples.Spans("a")));
        Assert.True(await call.ResponseStream.MoveNext(Cancel));
        TailResponse spans = call.ResponseStream.Current;
        Assert.Equal((1ul, 0ul, 1u, "a"), (spans.Cursor, spans.MissedItems, spans.Items, spans.Traces.ResourceSpans[0].ScopeSpans[0].Spans[0].Name));
    }

    [Fact]
    public async Task Tail_ends_when_the_server_stops()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Parts.Fanout.Publish(Samples.BatchOf(Signal.Logs, 1, Samples.Logs()));
        using AsyncServerStreamingCall<TailResponse> call = new ReceiverService.ReceiverServiceClient(server.Channel)
            .Tail(new TailRequest { FromOldest = true }, cancellationToken: Cancel);
        Assert.True(await call.ResponseStream.MoveNext(Cancel));
        long start = Stopwatch.GetTimestamp();
        var patience = TimeSpan.FromMinutes(2);
        await server.StopAsync(patience);
        Assert.False(await call.ResponseStream.MoveNext(Cancel));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, patience / 2); // or else all of it is waited for
    }

    [Fact]
    public async Task No_batch_stays_behind_when_clients_come_and_go()
    {
        List<Batch> batches = [];
        await using (TestServer server = await TestServer.StartAsync())
        {
            ReceiverService.ReceiverServiceClient client = new(server.Channel);
            for (int i = 0; i < 20; i++)
            {
                using AsyncServerStreamingCall<TailResponse> call = client.Tail(new TailRequest { FromOldest = true }, cancellationToken: Cancel);
                Batch batch = Samples.BatchOf(Signal.Logs, 1, Samples.Logs());
                batches.Add(batch.Retain());
                server.Parts.Fanout.Publish(batch);
                Assert.True(await call.ResponseStream.MoveNext(Cancel));
                await client.PullAsync(new PullRequest { Signal = Proto.V1.Signal.Logs }, cancellationToken: Cancel);
            }

            await server.Live.StopAsync(Cancel);
        }

        foreach (Batch batch in batches)
        {
            // Ours is the last reference.
            batch.Release();
            Assert.Throws<ObjectDisposedException>(() => batch.Bytes);
        }
    }

    private static async Task<PullResponse> PullAsync(ReceiverService.ReceiverServiceClient client, ulong cursor) =>
        await client.PullAsync(new PullRequest { Signal = Proto.V1.Signal.Traces, Cursor = cursor }, cancellationToken: Cancel);
}
