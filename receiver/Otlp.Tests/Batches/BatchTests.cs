namespace EbpfReceiver.Otlp.Tests.Batches;

public class BatchTests
{
    [Fact]
    public void The_bytes_live_until_the_last_reference_is_released()
    {
        Batch batch = Batch.Copy(Signal.Logs, 3, [1, 2, 3]);
        batch.Retain();
        batch.Release();
        Assert.Equal([1, 2, 3], batch.Bytes.ToArray());
        batch.Release();
        Assert.Throws<ObjectDisposedException>(() => batch.Bytes);
        Assert.Throws<ObjectDisposedException>(() => batch.Retain());
        Assert.Throws<ObjectDisposedException>(batch.Release);
    }

    [Fact]
    public void A_fanout_gives_each_outlet_a_reference_and_counts_refusals_by_outlet()
    {
        var open = new Shelf("open", capacity: int.MaxValue);
        var narrow = new Shelf("narrow", capacity: 2);
        var logsOnly = new Shelf("logs", capacity: int.MaxValue, Signal.Logs);
        var fanout = new Fanout([open, narrow, logsOnly]);
        for (int i = 0; i < 5; i++)
            fanout.Publish(Batch.Copy(Signal.Traces, 10, [1]));
        fanout.Publish(Batch.Copy(Signal.Logs, 7, [2]));

        Assert.Equal(50, fanout.Published(Signal.Traces));
        Assert.Equal(5, open.Batches.Count(b => b.Signal == Signal.Traces));
        Assert.Equal((50L, 0L), (open.Statistics.Offered(Signal.Traces), open.Statistics.Dropped(Signal.Traces)));
        Assert.Equal((50L, 30L), (narrow.Statistics.Offered(Signal.Traces), narrow.Statistics.Dropped(Signal.Traces, DropCause.QueueFull)));
        Assert.Equal(7, narrow.Statistics.Dropped(Signal.Logs, DropCause.QueueFull));
        Assert.Equal((0L, 7L), (logsOnly.Statistics.Offered(Signal.Traces), logsOnly.Statistics.Offered(Signal.Logs)));
        Batch shared = open.Batches[^1];
        open.Batches.ForEach(b => b.Release());
        Assert.Equal(1, shared.Bytes.Length);
        logsOnly.Batches.ForEach(b => b.Release());
        Assert.Throws<ObjectDisposedException>(() => shared.Bytes);
        narrow.Batches.ForEach(b => b.Release());
        Assert.All(narrow.Batches, b => Assert.Throws<ObjectDisposedException>(() => b.Bytes));
    }

    [Fact]
    public async Task Outlets_are_exchanged_while_others_publish_and_every_batch_is_offered_to_exactly_one_of_a_name()
    {
        const int Exchanges = 200;
        var steady = new Counter("live");
        var current = new Counter("otlp");
        List<Counter> all = [current];
        var fanout = new Fanout([steady, current]);
        using var stop = new CancellationTokenSource();
        Task[] publishers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
                fanout.Publish(Batch.Copy(Signal.Logs, 1, [1]));
        }))];
        SpinWait.SpinUntil(() => current.Accepted > 0);
        for (int i = 0; i < Exchanges; i++)
        {
            var next = new Counter("otlp");
            all.Add(next);
            fanout.Exchange([current], [next]);
            // From here on nobody may come; whoever does is refused and counted as dropped, which the sums below would show.
            current.Close();
            current = next;
            SpinWait.SpinUntil(() => next.Accepted > 0);
        }
        await stop.CancelAsync();
        await Task.WhenAll(publishers);

        long published = fanout.Published(Signal.Logs);
        Assert.Equal(published, steady.Accepted);
        Assert.Equal(published, all.Sum(c => c.Accepted));
        Assert.All(all, c => Assert.True(c.Accepted > 0));
        Assert.Equal((published, published, 0L), (
            current.Statistics.Offered(Signal.Logs),
            current.Statistics.Delivered(Signal.Logs),
            current.Statistics.Dropped(Signal.Logs)));
        Assert.Equal([steady, current], fanout.Accounts);
    }

    [Fact]
    public void Counters_of_an_outlet_that_is_gone_stay_and_go_on_when_it_comes_back()
    {
        var first = new Counter("file");
        var fanout = new Fanout([first]);
        fanout.Publish(Batch.Copy(Signal.Traces, 5, [1]));
        fanout.Exchange([first], []);
        fanout.Publish(Batch.Copy(Signal.Traces, 100, [1]));
        Assert.Empty(fanout.Outlets);
        Assert.Equal([first], fanout.Accounts);
        Assert.Equal(5, fanout.Accounts[0].Statistics.Delivered(Signal.Traces));

        var second = new Counter("file");
        fanout.Exchange([], [second]);
        // What the first still had to deliver is counted where the name is looked at.
        first.Statistics.CountDropped(Signal.Traces, DropCause.Expired, 2);
        fanout.Publish(Batch.Copy(Signal.Traces, 7, [1]));
        Assert.Equal([second], fanout.Accounts);
        Assert.Equal((12L, 12L, 2L), (
            second.Statistics.Offered(Signal.Traces),
            second.Statistics.Delivered(Signal.Traces),
            second.Statistics.Dropped(Signal.Traces, DropCause.Expired)));

        var third = new Counter("file");
        fanout.Exchange([second], [third]);
        Assert.Equal((12L, 12L, 2L), (
            third.Statistics.Offered(Signal.Traces),
            third.Statistics.Delivered(Signal.Traces),
            third.Statistics.Dropped(Signal.Traces)));
    }

    [Fact]
    public async Task A_sender_is_told_when_all_that_store_have_stored_and_that_no_queue_has_room_before_anything_is_counted()
    {
        var full = new Shelf("full", 0, queueCapacity: 1);
        var other = new Shelf("other", 1, queueCapacity: 1);
        var plain = new Shelf("plain", 10);
        var fanout = new Fanout([full, plain, other]);
        Publication first = fanout.PublishTold(Batch.Copy(Signal.Logs, 3, [1]), CancellationToken.None);
        Assert.True(first.IsTaken);
        Assert.False(first.Stored.IsCompleted);
        plain.Stored.SetResult();
        Assert.False(first.Stored.IsCompleted);
        other.Stored.SetResult();
        full.Stored.SetResult();
        await first.Stored;

        Publication second = fanout.PublishTold(Batch.Copy(Signal.Logs, 5, [2]), CancellationToken.None);
        Assert.False(second.IsTaken);
        Assert.Single(plain.Batches);
        Assert.Equal(3, fanout.Published(Signal.Logs));
        Assert.Equal(
            [("full", 3L, 3L), ("plain", 3L, 0L), ("other", 3L, 0L)],
            fanout.Outlets.Select(o => (o.Name, o.Statistics.Offered(Signal.Logs), o.Statistics.Dropped(Signal.Logs, DropCause.QueueFull))));
        foreach (Batch batch in (Batch[])[.. plain.Batches, .. other.Batches])
            batch.Release();
    }

    /// <summary>Takes everything until it is closed.</summary>
    private sealed class Counter(string name) : IOutlet
    {
        private long _accepted;
        private volatile bool _closed;

        public string Name => name;

        public long Accepted => Interlocked.Read(ref _accepted);

        public OutletStatistics Statistics { get; } = new();

        public void Close() => _closed = true;

        public bool TryAccept(Batch batch)
        {
            if (_closed)
                return false;
            Interlocked.Add(ref _accepted, batch.Items);
            Statistics.CountDelivered(batch.Signal, batch.Items, batch.Length);
            batch.Release();
            return true;
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken deadline) => Task.CompletedTask;
    }

    private sealed class Shelf(string name, int capacity, Signal? only = null, int queueCapacity = 0) : IOutlet
    {
        public TaskCompletionSource Stored { get; } = new();

        public List<Batch> Batches { get; } = [];

        public string Name => name;

        public OutletStatistics Statistics { get; } = new(queueCapacity);

        public bool Takes(Signal signal) => only is null || only == signal;

        public bool TryAccept(Batch batch)
        {
            if (Batches.Count >= capacity)
                return false;
            Batches.Add(batch);
            return true;
        }

        public Task StoredAsync(CancellationToken cancellationToken) => Stored.Task;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken deadline) => Task.CompletedTask;
    }
}
