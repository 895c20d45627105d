using Microsoft.Extensions.Logging;

namespace EbpfReceiver.Otlp;

/// <summary>
/// A queue that outlives the process. What is offered waits in memory for the thread that writes it to a <see cref="SegmentedLog"/>, from
/// which it is taken. While the disk is full, failing or slow it stays in memory, bounded as a queue without a disk, and is taken from
/// there.
/// </summary>
internal sealed partial class StoredBatchQueue : IBatchQueue
{
    /// <summary>A write that takes longer is not waited for.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly QueueStorageOptions _options;
    private readonly OutletStatistics _statistics;
    private readonly StorageHealth _health;
    private readonly string _path;
    private readonly QueueRoom _room;

    /// <summary>Guards what follows; pulsed for the writing thread.</summary>
    private readonly object _gate = new();
    private readonly LinkedList<Batch> _staged = [];
    private bool _closed;

    /// <summary>Told of what is in memory alone at the end; null before.</summary>
    private Action<Batch>? _lost;

    /// <summary>Opens the queue, with what an earlier process left in it.</summary>
    /// <param name="name">Of the outlet.</param>
    /// <param name="options">Of the queue, with <see cref="OtlpQueueOptions.Storage"/>.</param>
    /// <param name="statistics">Of the outlet, with <see cref="OutletStatistics.Storage"/>.</param>
    /// <param name="logger">For faults and their end.</param>
    /// <param name="time">The clock of the replay.</param>
    /// <exception cref="StorageException">The directory is somebody else's, in use, or may not be made.</exception>
    public StoredBatchQueue(string name, OtlpQueueOptions options, OutletStatistics statistics, ILogger logger, TimeProvider time)
    {
        _options = options.Storage!;
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaxBytes, QueueStorageOptions.LeastBytes);
        _statistics = statistics;
        _room = new QueueRoom(options, statistics);
        _time = time;
        _pace = new ReplayPace(_options.ReplayRate, time);
        _path = Path.Combine(Path.GetFullPath(_options.Directory), name);
        _health = new StorageHealth(name, _path, statistics.Storage!, statistics, logger);
        try
        {
            TryOpenDirectory();
        }
        catch (IOException e)
        {
            _retryAt = Now + (long)_health.CannotWrite(e.Message).TotalMilliseconds;
        }
        _writer = new Thread(Write, 256 * 1024) { Name = "queue " + name, IsBackground = true };
        _writer.Start();
    }

    /// <summary>
    /// The sequence number after the last batch that is stored, by the fsync policy; offered batches are numbered in order.
    /// </summary>
    internal ulong StoredEnd => _log?.Next ?? 0;

    /// <summary>Whether the writing thread is in a call that the disk has to answer.</summary>
    internal bool IsAtDisk
    {
        get
        {
            lock (_gate)
                return _atDiskSince != 0;
        }
    }

    public bool TryOffer(Batch batch)
    {
        // Neither what can't be read back nor what leaves no room for another while it is in the segment that is written.
        if (batch.Length > Math.Min(RecordHeader.MaxLength, _options.MaxBytes / 4))
            return false;
        if (!_room.TryEnter(batch))
            return false;
        lock (_gate)
        {
            if (_closed)
            {
                _room.Leave(batch);
                return false;
            }
            _staged.AddLast(batch);
            _offered++;
            NoticeStuckWriter();
            Monitor.PulseAll(_gate);
            if (_health.IsFailing)
                WakeTaker();
        }
        return true;
    }

    public void Complete(in QueuedBatch queued)
    {
        if (queued.Place == 0)
        {
            Release(queued.Batch);
            return;
        }
        bool wake = _log!.Complete((ulong)queued.Place);
        queued.Batch.Release();
        if (wake)
            WakeWriter();
    }

    public bool Keeps(in QueuedBatch queued) => queued.Place != 0 && _log!.Holds((ulong)queued.Place);

    public void Abandon(in QueuedBatch queued, int items)
    {
        if (queued.Place == 0)
        {
            Release(queued.Batch);
            return;
        }
        _log!.Abandon((ulong)queued.Place, queued.Batch.Signal, items);
        queued.Batch.Release();
        lock (_gate)
        {
            // The other side did not take one; the others are safe, and not tried against the deadline of the stop.
            _leaveStored = true;
            WakeTaker();
        }
    }

    public void StopBlocking() => _room.StopBlocking();

    public void Close()
    {
        _room.Close();
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
            WakeTaker();
        }
    }

    public void AbandonWaiting(Action<Batch> lost)
    {
        lock (_gate)
            _lost = lost;
        EndWriter();
        LoseStaged(lost);
    }

    /// <summary>Counts what the disk does not have and never will.</summary>
    private void LoseStaged(Action<Batch> lost)
    {
        while (true)
        {
            Batch batch;
            lock (_gate)
            {
                _ended = true;
                WakeStored();
                if (_staged.First is not { } first)
                    return;
                batch = first.Value;
                _staged.RemoveFirst();
            }
            lost(batch);
            Release(batch);
        }
    }

    public void Dispose()
    {
        Close();
        EndWriter();
        lock (_gate)
        {
            _ended = true;
            WakeStored();
        }
        _taking.Dispose();
        _changed.Dispose();
    }

    private void WakeWriter()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }

    /// <summary>A batch that was in memory only is gone from it.</summary>
    private void Release(Batch batch)
    {
        _room.Leave(batch);
        batch.Release();
    }
}
