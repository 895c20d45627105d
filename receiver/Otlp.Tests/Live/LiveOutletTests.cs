namespace EbpfReceiver.Otlp.Tests.Live;

public class LiveOutletTests
{
    [Fact]
    public async Task A_reader_goes_on_from_its_cursor_and_learns_what_it_missed()
    {
        var outlet = new LiveOutlet(new LiveOutletOptions { MaxBatches = 3 });
        for (byte i = 1; i <= 2; i++)
            Accept(outlet, Signal.Traces, 10, i);
        long cursor;
        using (LiveReading first = outlet.Read(Signal.Traces, 0, 1000))
        {
            Assert.Equal([1, 2], first.Batches.Select(b => b.Bytes.Span[0]));
            Assert.Equal((20L, 0L), (first.NextCursor, first.Missed));
            cursor = first.NextCursor;
        }
        using (LiveReading nothing = outlet.Read(Signal.Traces, cursor, 1000))
            Assert.Equal((0, 20L, 0L), (nothing.Batches.Count, nothing.NextCursor, nothing.Missed));

        for (byte i = 3; i <= 7; i++)
            Accept(outlet, Signal.Traces, 10, i);
        Accept(outlet, Signal.Logs, 1, 99);
        using LiveReading second = outlet.Read(Signal.Traces, cursor, 1000);
        Assert.Equal([5, 6, 7], second.Batches.Select(b => b.Bytes.Span[0]));
        Assert.Equal((70L, 20L), (second.NextCursor, second.Missed));
        Assert.Equal(70, outlet.Cursor(Signal.Traces));
        await outlet.StopAsync(CancellationToken.None);
        Assert.Equal(5, second.Batches[0].Bytes.Span[0]);
    }

    [Fact]
    public void A_reading_has_whole_batches_up_to_its_limit_but_one_at_least()
    {
        var outlet = new LiveOutlet();
        for (byte i = 1; i <= 5; i++)
            Accept(outlet, Signal.Logs, 10, i);
        using LiveReading one = outlet.Read(Signal.Logs, 0, 1);
        Assert.Equal((1, 10L), (one.Batches.Count, one.NextCursor));
        using LiveReading two = outlet.Read(Signal.Logs, one.NextCursor, 29);
        Assert.Equal((2, 30L), (two.Batches.Count, two.NextCursor));
        using LiveReading restarted = outlet.Read(Signal.Logs, 1_000_000, 1000);
        Assert.Equal((5, 50L, 0L), (restarted.Batches.Count, restarted.NextCursor, restarted.Missed));
    }

    [Fact]
    public void Bytes_bound_the_ring_and_what_leaves_it_is_released()
    {
        var outlet = new LiveOutlet(new LiveOutletOptions { MaxBytes = 2500 });
        var batches = new List<Batch>();
        var fanout = new Fanout([outlet]);
        for (int i = 0; i < 5; i++)
        {
            Batch batch = Batch.Copy(Signal.Traces, 1, new byte[1000]);
            batches.Add(batch);
            fanout.Publish(batch);
        }
        Assert.All(batches.Take(3), b => Assert.Throws<ObjectDisposedException>(() => b.Bytes));
        Assert.All(batches.Skip(3), b => Assert.Equal(1000, b.Bytes.Length));
        fanout.Publish(Batch.Copy(Signal.Traces, 1, new byte[9000]));
        using LiveReading reading = outlet.Read(Signal.Traces, 0, 100);
        Assert.Equal((1, 9000, 5L), (reading.Batches.Count, reading.Batches[0].Length, reading.Missed));
    }

    [Fact]
    public async Task A_subscriber_gets_what_comes_and_one_that_lags_learns_what_it_missed()
    {
        var outlet = new LiveOutlet();
        Accept(outlet, Signal.Traces, 5, 1);
        using LiveSubscription subscription = outlet.Subscribe([Signal.Traces], capacity: 2);
        for (byte i = 2; i <= 6; i++)
            Accept(outlet, Signal.Traces, 10, i);
        Accept(outlet, Signal.Logs, 10, 99);
        Assert.Equal(30, subscription.Missed);
        await Expect(2, missed: 0, cursor: 15);
        await Expect(3, missed: 0, cursor: 25);
        Accept(outlet, Signal.Traces, 10, 7);
        await Expect(7, missed: 30, cursor: 65);
        Assert.False(subscription.TryRead(out _));
        await outlet.StopAsync(CancellationToken.None);
        Assert.Null(await subscription.ReadAsync(TestContext.Current.CancellationToken));

        async Task Expect(byte content, long missed, long cursor)
        {
            LiveBatch? batch = await subscription.ReadAsync(TestContext.Current.CancellationToken);
            Assert.Equal((content, missed, cursor), (batch!.Value.Batch.Bytes.Span[0], batch.Value.Missed, batch.Value.Cursor));
            batch.Value.Batch.Release();
        }
    }

    [Fact]
    public void A_subscription_that_ends_lets_its_batches_go()
    {
        var outlet = new LiveOutlet(new LiveOutletOptions { MaxBatches = 1 });
        LiveSubscription subscription = outlet.Subscribe([Signal.Traces]);
        Batch batch = Batch.Copy(Signal.Traces, 1, [1]);
        new Fanout([outlet]).Publish(batch);
        Accept(outlet, Signal.Traces, 1, 2);
        Assert.Equal(1, batch.Bytes.Length);
        subscription.Dispose();
        Assert.Throws<ObjectDisposedException>(() => batch.Bytes);
        Accept(outlet, Signal.Traces, 1, 3);
        Assert.Equal(3, outlet.Statistics.Delivered(Signal.Traces));
    }

    private static void Accept(LiveOutlet outlet, Signal signal, int items, byte content) =>
        new Fanout([outlet]).Publish(Batch.Copy(signal, items, [content]));
}
