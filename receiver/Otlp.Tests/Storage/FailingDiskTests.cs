using System.Collections.Concurrent;
using System.Diagnostics;

namespace EbpfReceiver.Otlp.Tests.Storage;

/// <summary>Real disks that are full, read-only, failing or stuck: the queue goes on in memory, says so once, and comes back.</summary>
public sealed class FailingDiskTests
{
    private const string Outlet = "otlp";

    private readonly RecordedLog _log = new();

    [Fact]
    public async Task A_full_disk_is_said_once_and_used_again_when_there_is_room()
    {
        using var disk = new SmallDisk(mebibytes: 32, backing: 40);
        (StoredBatchQueue queue, OutletStatistics statistics) = Open(disk.Path);
        using (queue)
        {
            Offer(queue, 0, 50);
            await UntilAsync(() => statistics.Storage!.Batches == 50);
            disk.Fill();
            Offer(queue, 50, 100);
            await UntilAsync(() => statistics.Storage!.Fault is not null);
            Assert.Contains("No space left", statistics.Storage!.Fault, StringComparison.Ordinal);
            // What is in memory alone is not waited for.
            await queue.StoredAsync(TestContext.Current.CancellationToken);
            // First what is on disk, then what had to stay in memory.
            Assert.Equal(Enumerable.Range(0, 50), await TakeAsync(queue, 50));
            Assert.Equal(Enumerable.Range(50, 20), await TakeAsync(queue, 20));
            disk.Empty();
            await UntilAsync(() => statistics.Storage.Fault is null && statistics.Queued == 0);
            Offer(queue, 150, 10);
            Assert.Equal(Enumerable.Range(70, 90), await TakeAsync(queue, 90));
        }
        AssertSaidOnce("keeps batches in memory");
        AssertSaidOnce("again");
    }

    [Fact]
    public async Task Without_room_on_disk_or_in_memory_batches_are_refused_and_those_taken_before_are_kept()
    {
        using var disk = new SmallDisk(mebibytes: 32, backing: 40);
        (StoredBatchQueue queue, OutletStatistics statistics) = Open(disk.Path);
        using (queue)
        {
            Offer(queue, 0, 10);
            await UntilAsync(() => statistics.Storage!.Batches == 10);
            disk.Fill();
            int accepted = 10;
            while (TryOffer(queue, accepted))
                accepted++;
            Assert.InRange(accepted, 100, 120);
            Assert.Equal(Enumerable.Range(0, accepted), await TakeAsync(queue, accepted));
        }
    }

    [Fact]
    public async Task A_disk_that_becomes_read_only_and_back_loses_nothing()
    {
        using var disk = new SmallDisk(mebibytes: 32, backing: 40);
        (StoredBatchQueue queue, OutletStatistics statistics) = Open(disk.Path, fsync: FsyncPolicy.Never);
        using (queue)
        {
            Offer(queue, 0, 20);
            await UntilAsync(() => statistics.Storage!.Batches == 20);
            queue.Close();
            queue.AbandonWaiting(batch => Assert.Fail("lost"));
        }
        disk.Remount("ro");
        (queue, statistics) = Open(disk.Path);
        using (queue)
        {
            await UntilAsync(() => statistics.Storage!.Fault is not null);
            Assert.Contains("Read-only", statistics.Storage!.Fault, StringComparison.Ordinal);
            Offer(queue, 100, 5);
            Assert.Equal(Enumerable.Range(100, 5), await TakeAsync(queue, 5));
            Offer(queue, 105, 5);
            disk.Remount("rw");
            await UntilAsync(() => statistics.Storage.Fault is null);
            Assert.Equal([.. Enumerable.Range(0, 20), .. Enumerable.Range(105, 5)], await TakeAsync(queue, 25));
        }
    }

    [Fact]
    public async Task A_device_that_fails_to_write_leaves_batches_in_memory_until_it_works()
    {
        using var disk = new SmallDisk(mebibytes: 64, backing: 12);
        (StoredBatchQueue queue, OutletStatistics statistics) = Open(disk.Path, fsync: FsyncPolicy.Always);
        using (queue)
        {
            Offer(queue, 0, 10);
            await UntilAsync(() => statistics.Storage!.Batches == 10);
            disk.FillBacking();
            int offered = 10;
            for (; statistics.Storage!.Fault is null; offered++)
            {
                Assert.True(offered < 10_000);
                while (!TryOffer(queue, offered, length: 50_000))
                    await Task.Delay(1, TestContext.Current.CancellationToken);
            }
            Assert.StartsWith("fdatasync of", statistics.Storage.Fault, StringComparison.Ordinal);
            disk.EmptyBacking();
            await UntilAsync(() => statistics.Storage.Fault is null && statistics.Queued == 0);
            Assert.Equal(Enumerable.Range(0, offered), await TakeAsync(queue, offered));
        }
        AssertSaidOnce("keeps batches in memory");
    }

    [Fact]
    public async Task A_disk_that_does_not_answer_is_not_waited_for()
    {
        using var disk = new SmallDisk(mebibytes: 32, backing: 40);
        (StoredBatchQueue queue, OutletStatistics statistics) = Open(disk.Path);
        using (queue)
        {
            Offer(queue, 0, 1);
            await UntilAsync(() => statistics.Storage!.Batches == 1);
            Assert.Equal([0], await TakeAsync(queue, 1));
            disk.Freeze();
            Offer(queue, 1, 1);
            await UntilAsync(() => queue.IsAtDisk);
            Task stored = queue.StoredAsync(TestContext.Current.CancellationToken);
            Assert.False(stored.IsCompleted);
            Offer(queue, 2, 20);
            // One is with the disk; the others are not made to wait for it.
            List<int> taken = await TakeAsync(queue, 20);
            Assert.Equal(Enumerable.Range(2, 20), taken);
            Assert.Contains("has not answered", statistics.Storage!.Fault, StringComparison.Ordinal);
            await stored;
            disk.Thaw();
            Assert.Equal([1], await TakeAsync(queue, 1));
            await UntilAsync(() => statistics.Storage.Fault is null);
        }
        AssertSaidOnce("keeps batches in memory");
    }

    [Fact]
    public async Task A_disk_that_answers_after_the_stop_has_what_it_was_given()
    {
        using var disk = new SmallDisk(mebibytes: 32, backing: 40);
        (StoredBatchQueue queue, OutletStatistics statistics) = Open(disk.Path, FsyncPolicy.Never);
        using (queue)
        {
            Offer(queue, 0, 1);
            await UntilAsync(() => statistics.Storage!.Batches == 1);
            // It is not completed: nothing but what is offered gives the writer something to do.
            Assert.Equal(0, NumberedBatches.NumberOf((await queue.TakeAsync(TestContext.Current.CancellationToken)).GetValueOrDefault().Batch));
            disk.Freeze();
            Offer(queue, 1, 1);
            await UntilAsync(() => queue.IsAtDisk);
            using var deadline = new CancellationTokenSource();
            Task<QueuedBatch?> waits = queue.TakeAsync(deadline.Token).AsTask();
            await deadline.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
            queue.Close();
            queue.AbandonWaiting(static _ => Assert.Fail("the disk has it"));
        }
        AssertSaidOnce("1 batches to write");
        disk.Thaw();
        // The one that was waiting for the disk gives the directory up when it is done.
        (StoredBatchQueue next, OutletStatistics after) = Open(disk.Path, FsyncPolicy.Never);
        using (next)
        {
            Assert.Equal([0, 1], await TakeAsync(next, 2));
            Assert.Equal(2, after.Storage!.RecoveredBatches);
            await UntilAsync(() => statistics.Queued == 0);
        }
    }

    [Fact]
    public async Task What_a_disk_refuses_after_the_stop_is_counted_as_lost()
    {
        using var disk = new SmallDisk(mebibytes: 32, backing: 40);
        (StoredBatchQueue queue, OutletStatistics statistics) = Open(disk.Path, FsyncPolicy.Never);
        var lost = new ConcurrentQueue<int>();
        using (queue)
        {
            Offer(queue, 0, 1);
            await UntilAsync(() => statistics.Storage!.Batches == 1);
            disk.Fill();
            disk.Freeze();
            Assert.True(TryOffer(queue, 1, length: 200_000));
            await UntilAsync(() => queue.IsAtDisk);
            queue.Close();
            queue.AbandonWaiting(batch => lost.Enqueue(NumberedBatches.NumberOf(batch)));
            Assert.Empty(lost);
        }
        disk.Thaw();
        await UntilAsync(() => !lost.IsEmpty && statistics.Queued == 0);
        Assert.Equal([1], lost);
    }

    private (StoredBatchQueue Queue, OutletStatistics Statistics) Open(string directory, FsyncPolicy fsync = FsyncPolicy.Interval)
    {
        var storage = new QueueStorageOptions { Directory = directory, MaxBytes = QueueStorageOptions.LeastBytes, Fsync = fsync };
        var options = new OtlpQueueOptions { Size = 100, Storage = storage };
        var statistics = new OutletStatistics(options.Size) { Storage = new QueueStorageStatistics(storage.MaxBytes) };
        return (new StoredBatchQueue(Outlet, options, statistics, _log, TimeProvider.System), statistics);
    }

    private static bool TryOffer(StoredBatchQueue queue, int number, int length = 4000)
    {
        Batch batch = NumberedBatches.Make(number, length);
        if (queue.TryOffer(batch))
            return true;
        batch.Release();
        return false;
    }

    private static void Offer(StoredBatchQueue queue, int first, int count)
    {
        for (int number = first; number < first + count; number++)
            Assert.True(TryOffer(queue, number));
    }

    private static async Task<List<int>> TakeAsync(StoredBatchQueue queue, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var numbers = new List<int>();
        while (numbers.Count < count)
        {
            QueuedBatch queued = (await queue.TakeAsync(limit.Token)).GetValueOrDefault();
            numbers.Add(NumberedBatches.NumberOf(queued.Batch));
            queue.Complete(queued);
        }
        return numbers;
    }

    private void AssertSaidOnce(string what) => Assert.Single(_log.Lines, l => l.Text.Contains(what, StringComparison.Ordinal));

    private static async Task UntilAsync(Func<bool> condition)
    {
        long began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(2), "not so after two minutes");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
