namespace EbpfReceiver.Otlp;

// The thread that owns the files: it opens them, writes what is staged in groups, and acknowledges what is completed.
internal sealed partial class StoredBatchQueue
{
    /// <summary>A group of batches shares a commit; it is bounded so that what was written can be sent meanwhile.</summary>
    private const int GroupBatches = 256;

    private const int GroupBytes = 2 * 1024 * 1024;

    /// <summary>Completions are written down together; a process that is killed sends those of this time again.</summary>
    private static readonly TimeSpan s_acknowledgeInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>How often it is looked whether the outlet before this one has ended.</summary>
    private static readonly TimeSpan s_handOver = TimeSpan.FromMilliseconds(50);

    /// <summary>A stop does not wait any longer for a disk that does not answer.</summary>
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromSeconds(1.5);

    private readonly Thread _writer;
    private readonly List<Batch> _group = [];
    private QueueDirectory? _directory;
    private volatile SegmentedLog? _log;
    private bool _stop;

    /// <summary>Milliseconds of the system's uptime; 0: the writer is not at the disk.</summary>
    private long _atDiskSince;
    private long _retryAt;
    private long _flushAt;
    private long _acknowledgeAt;

    /// <summary>There is no room, and nothing may be dropped to make it.</summary>
    private bool IsFull
    {
        get => _statistics.Storage!.IsFull;
        set => _statistics.Storage!.IsFull = value;
    }

    private static long Now => Environment.TickCount64;

    private void Write()
    {
        while (WaitForWork())
        {
            try
            {
                if (!TryOpen())
                    continue;
                WriteGroup();
                Maintain();
                _health.CanWrite();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or StorageException)
            {
                FailWriting(e);
            }
            finally
            {
                LeaveDisk();
            }
        }
        CloseLog();
        LoseLeft();
    }

    /// <summary>
    /// A disk that answered after the stop had gone on without it has not stored what it was given before: those who waited for that are gone,
    /// and nobody else counts it.
    /// </summary>
    private void LoseLeft()
    {
        Action<Batch>? lost;
        lock (_gate)
            lost = _ended ? _lost : null;
        if (lost is not null)
            LoseStaged(lost);
    }

    /// <summary>Waits until there is something to do and takes the next group.</summary>
    /// <returns>False: the queue ends.</returns>
    private bool WaitForWork()
    {
        lock (_gate)
        {
            while (true)
            {
                long wait = _retryAt - Now;
                if (wait <= 0)
                {
                    if (_log is null || (_staged.Count > 0 && !IsFull))
                        break;
                    wait = MaintenanceIn();
                    if (wait <= 0)
                        break;
                }
                // What can't be written now is not waited for at the end.
                if (_stop)
                    return false;
                Monitor.Wait(_gate, (int)Math.Min(wait, int.MaxValue));
            }
            _atDiskSince = Now;
            if (_log is null || IsFull)
                return true;
            long bytes = 0;
            while (_staged.First is { } first && _group.Count < GroupBatches && bytes < GroupBytes)
            {
                _group.Add(first.Value);
                bytes += first.Value.Length;
                _staged.RemoveFirst();
            }
            return true;
        }
    }

    /// <summary>Milliseconds until flushing, acknowledging or removing is due.</summary>
    private long MaintenanceIn()
    {
        SegmentedLog log = _log!;
        if (log.HasFinishedSegments)
            return 0;
        long due = long.MaxValue;
        if (log.Unflushed > 0 && _options.Fsync == FsyncPolicy.Interval)
            due = _flushAt;
        if (log.HasUnwrittenAcknowledgements)
            due = Math.Min(due, _acknowledgeAt);
        return due == long.MaxValue ? due : due - Now;
    }

    private bool TryOpen()
    {
        if (_log is not null)
            return true;
        if (!TryOpenDirectory())
            return false;
        _log = new SegmentedLog(_directory!, _options, _statistics);
        _health.Opened();
        _health.CheckCorruption();
        lock (_gate)
            WakeTaker();
        return true;
    }

    /// <returns>False: the outlet before this one has not ended; nothing is taken meanwhile, so that what it leaves goes first.</returns>
    private bool TryOpenDirectory()
    {
        _directory ??= QueueDirectory.TryOpen(_path);
        if (_directory is null)
            _retryAt = Now + (long)s_handOver.TotalMilliseconds;
        return _directory is not null;
    }

    private void WriteGroup()
    {
        if (_group.Count == 0)
            return;
        SegmentedLog log = _log!;
        ulong first = log.Next;
        bool wasFlushed = log.Unflushed == 0;
        try
        {
            IsFull = !log.MakeRoom(_group.Sum(static b => RecordHeader.Footprint(b.Length)), out bool evicted);
            if (IsFull || evicted)
                _health.Full(_options.WhenFull);
            if (IsFull)
                return;
            foreach (Batch batch in _group)
                log.Append(batch);
            log.Commit();
        }
        finally
        {
            Unstage((int)(log.Next - first));
        }
        if (wasFlushed)
            _flushAt = Now + (long)_options.FsyncInterval.TotalMilliseconds;
    }

    private void Maintain()
    {
        SegmentedLog log = _log!;
        if (Now >= _flushAt && _options.Fsync == FsyncPolicy.Interval)
            log.Flush();
        if (log.HasFinishedSegments)
        {
            log.RemoveFinishedSegments();
            IsFull = false;
        }
        if (Now >= _acknowledgeAt && log.HasUnwrittenAcknowledgements)
        {
            log.WriteAcknowledgements(flush: false);
            _acknowledgeAt = Now + (long)s_acknowledgeInterval.TotalMilliseconds;
        }
    }

    /// <summary>Lets go of the batches of the group that are stored, and puts the others back in front.</summary>
    private void Unstage(int stored)
    {
        lock (_gate)
        {
            for (int i = _group.Count - 1; i >= stored; i--)
                _staged.AddFirst(_group[i]);
            for (int i = 0; i < stored; i++)
                Release(_group[i]);
            _group.Clear();
            WakeTaker();
            WakeStored();
        }
    }

    private void FailWriting(Exception e)
    {
        string reason = e is StorageException { Remedy: var remedy } ? $"{e.Message}. {remedy}" : e.Message;
        lock (_gate)
        {
            _retryAt = Now + (long)_health.CannotWrite(reason).TotalMilliseconds;
            WakeTaker();
            WakeStored();
        }
    }

    private void LeaveDisk()
    {
        lock (_gate)
            _atDiskSince = 0;
    }

    /// <summary>Called with the lock held.</summary>
    private void NoticeStuckWriter()
    {
        if (_atDiskSince == 0 || Now - _atDiskSince <= (long)s_patience.TotalMilliseconds)
            return;
        _health.Stuck(TimeSpan.FromMilliseconds(Now - _atDiskSince));
        WakeStored();
    }

    private void EndWriter()
    {
        lock (_gate)
        {
            if (_stop)
                return;
            _stop = true;
            Monitor.PulseAll(_gate);
        }
        if (_writer.Join(s_stopPatience))
            return;
        int batches;
        lock (_gate)
            batches = _group.Count;
        _health.Unfinished($"it has {batches} batches to write and does not answer");
    }

    private void CloseLog()
    {
        try
        {
            _log?.Close();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _health.Unfinished(e.Message);
        }
        finally
        {
            _directory?.Dispose();
        }
    }
}
