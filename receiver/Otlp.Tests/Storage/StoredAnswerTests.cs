namespace EbpfReceiver.Otlp.Tests.Storage;

/// <summary>Who is told that a batch is stored may rely on it: what the files have at that moment has the batch.</summary>
public sealed class StoredAnswerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData(FsyncPolicy.Always)]
    [InlineData(FsyncPolicy.Interval)]
    [InlineData(FsyncPolicy.Never)]
    public async Task A_copy_of_the_files_at_the_moment_of_the_answer_has_the_batch(FsyncPolicy fsync)
    {
        using OtlpGrpcOutlet outlet = Outlet(fsync);
        var fanout = new Fanout([outlet]);
        for (int number = 1; number <= 20; number++)
        {
            Publication published = fanout.PublishTold(NumberedBatches.Make(number), TestContext.Current.CancellationToken);
            Assert.True(published.IsTaken);
            await published.Stored;
            Assert.Equal(Enumerable.Range(1, number), InACopy());
        }
    }

    [Fact]
    public async Task Many_who_wait_are_all_told()
    {
        const int senders = 32, each = 50;
        using OtlpGrpcOutlet outlet = Outlet(FsyncPolicy.Always);
        var fanout = new Fanout([outlet]);
        await Task.WhenAll(Enumerable.Range(0, senders).Select(sender => Task.Run(async () =>
        {
            for (int i = 0; i < each; i++)
                await fanout.PublishTold(NumberedBatches.Make(sender * each + i), CancellationToken.None).Stored;
        })));
        Assert.Equal(senders * each, outlet.Statistics.Storage!.Batches);
        Assert.Equal(Enumerable.Range(0, senders * each), InACopy().Order());
    }

    [Fact]
    public async Task Who_does_not_wait_any_longer_takes_nothing_back()
    {
        using OtlpGrpcOutlet outlet = Outlet(FsyncPolicy.Always);
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        Publication published = new Fanout([outlet]).PublishTold(NumberedBatches.Make(1), gone.Token);
        await published.Stored.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await outlet.StoredAsync(TestContext.Current.CancellationToken);
        Assert.Equal([1], InACopy());
    }

    [Fact]
    public async Task A_queue_that_is_full_and_drops_nothing_says_so_and_lets_wait_until_there_is_room()
    {
        const int length = 1 << 20;
        var storage = new QueueStorageOptions
        {
            Directory = _directory.Path,
            MaxBytes = QueueStorageOptions.LeastBytes,
            WhenFull = FullPolicy.Refuse,
        };
        var statistics = new OutletStatistics(1000) { Storage = new QueueStorageStatistics(storage.MaxBytes) };
        using var queue = new StoredBatchQueue(
            "otlp", new OtlpQueueOptions { Storage = storage }, statistics, new RecordedLog(), TimeProvider.System);
        int offered = 0;
        Task stored = Task.CompletedTask;
        while (!statistics.Storage.IsFull)
        {
            Assert.True(stored.IsCompleted && offered < 100, $"{offered} offered");
            Assert.True(queue.TryOffer(NumberedBatches.Make(offered++, length)));
            stored = queue.StoredAsync(TestContext.Current.CancellationToken);
            while (!stored.IsCompleted && !statistics.Storage.IsFull)
                await Task.Delay(1, TestContext.Current.CancellationToken);
        }
        Assert.True(statistics.QueueIsFull);
        Assert.False(stored.IsCompleted);
        Assert.Equal(offered - 1, statistics.Storage.Batches);
        for (int number = 0; number < offered - 1; number++)
        {
            QueuedBatch taken = (await queue.TakeAsync(TestContext.Current.CancellationToken)).GetValueOrDefault();
            Assert.Equal(number, NumberedBatches.NumberOf(taken.Batch));
            queue.Complete(taken);
        }
        await stored;
        Assert.False(statistics.QueueIsFull);
        QueuedBatch last = (await queue.TakeAsync(TestContext.Current.CancellationToken)).GetValueOrDefault();
        Assert.Equal(offered - 1, NumberedBatches.NumberOf(last.Batch));
        queue.Complete(last);
    }

    public void Dispose() => _directory.Dispose();

    private OtlpGrpcOutlet Outlet(FsyncPolicy fsync) => new(new OtlpOutletOptions
    {
        Endpoint = new Uri("http://127.0.0.1:1"),
        Queue = new OtlpQueueOptions { Storage = new QueueStorageOptions { Directory = _directory.Path, Fsync = fsync } },
    });

    /// <summary>What another process would find.</summary>
    private List<int> InACopy()
    {
        using var copy = new TemporaryDirectory();
        foreach (string file in Directory.EnumerateFiles(_directory.Of("otlp")).Where(f => Path.GetFileName(f) != QueueDirectory.LockName))
        {
            using FileStream from = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using FileStream to = File.Create(Path.Combine(copy.Path, Path.GetFileName(file)));
            from.CopyTo(to);
        }
        using var log = new OpenedLog(copy.Path);
        return log.Drain(complete: false);
    }
}
