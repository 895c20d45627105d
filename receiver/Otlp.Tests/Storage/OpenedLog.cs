namespace EbpfReceiver.Otlp.Tests.Storage;

/// <summary>A log in a directory, without the threads around it.</summary>
internal sealed class OpenedLog : IDisposable
{
    private readonly QueueDirectory _directory;

    public OpenedLog(string path, QueueStorageOptions? options = null)
    {
        options ??= new QueueStorageOptions { Directory = path };
        Statistics = new OutletStatistics { Storage = new QueueStorageStatistics(options.MaxBytes) };
        _directory = OpenDirectory(path);
        try
        {
            Log = new SegmentedLog(_directory, options, Statistics);
        }
        catch
        {
            _directory.Dispose();
            throw;
        }
    }

    public SegmentedLog Log { get; }

    public OutletStatistics Statistics { get; }

    public QueueStorageStatistics Storage => Statistics.Storage!;

    public void Append(params IEnumerable<int> numbers)
    {
        foreach (int number in numbers)
        {
            Batch batch = NumberedBatches.Make(number);
            Statistics.CountOffered(batch.Signal, batch.Items);
            Log.Append(batch);
            batch.Release();
        }
        Log.Commit();
    }

    /// <summary>Takes all there is, in order, and completes it as delivered unless told otherwise.</summary>
    public List<int> Drain(bool complete = true, int limit = int.MaxValue)
    {
        var numbers = new List<int>();
        while (numbers.Count < limit && Log.TryFind(out RecordHeader header))
        {
            if (Log.Take(header) is not { } batch)
                continue;
            numbers.Add(NumberedBatches.NumberOf(batch));
            if (complete)
            {
                Statistics.CountDelivered(batch.Signal, batch.Items, batch.Length);
                Log.Complete(header.Sequence);
            }
            batch.Release();
        }
        return numbers;
    }

    public void AssertBalanced()
    {
        foreach (Signal signal in Enum.GetValues<Signal>())
        {
            Assert.Equal(
                Statistics.Offered(signal) + Statistics.Recovered(signal),
                Statistics.Delivered(signal) + Statistics.Dropped(signal) + Statistics.Stored(signal) + Statistics.Pending(signal));
        }
    }

    /// <summary>A test beside this one may be starting a program, which has the lock, too, until it is executed.</summary>
    private static QueueDirectory OpenDirectory(string path)
    {
        for (int attempt = 1; ; attempt++)
        {
            if (QueueDirectory.TryOpen(path) is { } directory)
                return directory;
            Assert.True(attempt < 500, $"{path} is locked");
            Thread.Sleep(10);
        }
    }

    /// <summary>Closes as a process does that is stopped.</summary>
    public void Close()
    {
        Log.Close();
        _directory.Dispose();
    }

    /// <summary>Lets go of everything as a process does that is killed: nothing is written any more.</summary>
    public void Dispose()
    {
        Log.Dispose();
        _directory.Dispose();
    }
}
