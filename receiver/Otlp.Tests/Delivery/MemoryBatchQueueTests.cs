namespace EbpfReceiver.Otlp.Tests.Delivery;

public sealed class MemoryBatchQueueTests
{
    private readonly OutletStatistics _statistics = new(queueCapacity: 3);

    [Fact]
    public async Task Batches_come_out_as_they_went_in_and_take_room_until_they_are_completed()
    {
        using var queue = new MemoryBatchQueue(new OtlpQueueOptions { Size = 3 }, _statistics);
        Assert.Equal([true, true, true, false], [Offer(queue, 1), Offer(queue, 2), Offer(queue, 3), Offer(queue, 4)]);
        Assert.Equal((3L, true), (_statistics.Queued, _statistics.QueueIsFull));

        QueuedBatch first = (await queue.TakeAsync(TestContext.Current.CancellationToken))!.Value;
        Assert.Equal(1, first.Batch.Items);
        Assert.False(Offer(queue, 5));
        queue.Complete(first);
        Assert.Equal((2L, false), (_statistics.Queued, _statistics.QueueIsFull));
        Assert.True(Offer(queue, 6));

        Assert.Equal(2, await TakeItems(queue));
        Assert.Equal(3, await TakeItems(queue));
        Assert.Equal(6, await TakeItems(queue));
        queue.Close();
        Assert.Null(await queue.TakeAsync(TestContext.Current.CancellationToken));
        Assert.False(Offer(queue, 7));
    }

    [Fact]
    public async Task A_queue_of_items_is_full_by_items()
    {
        using var queue = new MemoryBatchQueue(new OtlpQueueOptions { Size = 100, Sizer = QueueSizer.Items }, _statistics);
        Assert.Equal([true, false, true, false], [Offer(queue, 60), Offer(queue, 50), Offer(queue, 40), Offer(queue, 1)]);
        Assert.Equal((2L, 100L), (_statistics.Queued, _statistics.QueueSize));
        Assert.Equal(60, await TakeItems(queue));
        Assert.Equal(40, await TakeItems(queue));
        Assert.Equal((0L, 0L), (_statistics.Queued, _statistics.QueueSize));
    }

    /// <summary>Buffers of the pool have lengths of powers of two: 20,000 bytes are in 32,768.</summary>
    [Theory]
    [InlineData(QueueSizer.Bytes)]
    [InlineData(QueueSizer.Requests)]
    public async Task Bytes_bound_a_queue_but_one_batch_always_fits(QueueSizer sizer)
    {
        var options = sizer == QueueSizer.Bytes
            ? new OtlpQueueOptions { Sizer = sizer, Size = 50_000 }
            : new OtlpQueueOptions { Sizer = sizer, MaxBytes = 70_000 };
        using var queue = new MemoryBatchQueue(options, _statistics);
        Assert.Equal([true, true, false], [Offer(queue, 1, 20_000), Offer(queue, 1, 20_000), Offer(queue, 1, 20_000)]);
        Assert.True(_statistics.QueueIsFull);
        await TakeItems(queue);
        await TakeItems(queue);
        Assert.Equal([true, false], [Offer(queue, 1, 90_000), Offer(queue, 1, 1)]);
    }

    [Fact]
    public void Without_a_queue_there_are_as_many_batches_as_consumers()
    {
        using var queue = new MemoryBatchQueue(new OtlpQueueOptions { Enabled = false, Consumers = 2 }, _statistics);
        Assert.Equal([true, true, false], [Offer(queue, 1), Offer(queue, 1), Offer(queue, 1)]);
    }

    [Fact]
    public async Task An_offer_waits_for_room_when_it_is_told_to_and_no_longer_when_the_receiver_stops()
    {
        using var queue = new MemoryBatchQueue(new OtlpQueueOptions { Size = 1, BlockOnOverflow = true }, _statistics);
        Assert.True(Offer(queue, 1));
        Task<bool> second = Task.Run(() => Offer(queue, 2));
        Assert.Equal(1, await TakeItems(queue));
        Assert.True(await second);

        Task<bool> third = Task.Run(() => Offer(queue, 3));
        await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.False(third.IsCompleted);
        queue.StopBlocking();
        Assert.False(await third);
        Assert.Equal(1, _statistics.Queued);
    }

    [Fact]
    public async Task Many_threads_leave_nothing_behind()
    {
        const int producers = 4;
        const int each = 5000;
        using var queue = new MemoryBatchQueue(new OtlpQueueOptions { Size = 8, BlockOnOverflow = true }, _statistics);
        long taken = 0;
        Task[] consumers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            while (await queue.TakeAsync(TestContext.Current.CancellationToken) is { } queued)
            {
                Interlocked.Add(ref taken, queued.Batch.Items);
                queue.Complete(queued);
            }
        }))];
        await Task.WhenAll(Enumerable.Range(0, producers).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < each; i++)
                    Assert.True(Offer(queue, 1));
            },
            TaskCreationOptions.LongRunning)));
        queue.Close();
        await Task.WhenAll(consumers);
        Assert.Equal(producers * each, taken);
        Assert.Equal((0L, 0L), (_statistics.Queued, _statistics.QueueSize));
    }

    private static bool Offer(MemoryBatchQueue queue, int items, int bytes = 10)
    {
        Batch batch = Batch.Copy(Signal.Traces, items, new byte[bytes]);
        bool taken = queue.TryOffer(batch);
        if (!taken)
            batch.Release();
        return taken;
    }

    private static async Task<int> TakeItems(MemoryBatchQueue queue)
    {
        QueuedBatch queued = (await queue.TakeAsync(TestContext.Current.CancellationToken))!.Value;
        int items = queued.Batch.Items;
        queue.Complete(queued);
        return items;
    }
}
