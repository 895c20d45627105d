namespace EbpfReceiver.Otlp;

// Taking: one taker at a time looks for the next batch, the others wait for it.
internal sealed partial class StoredBatchQueue
{
    /// <summary>
    /// So often what can't be read is tried again before it is passed over, a page at a time: a bad sector is passed in half a minute,
    /// and a disk that is away has days to come back.
    /// </summary>
    private const int ReadAttempts = 30;

    private static readonly TimeSpan s_readRetry = TimeSpan.FromSeconds(1);

    /// <summary>A writer that is stuck wakes nobody.</summary>
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly ReplayPace _pace;
    private readonly SemaphoreSlim _taking = new(1, 1);
    private readonly SemaphoreSlim _changed = new(0);
    private bool _takerWaits;

    /// <summary>What is stored stays for the next process: this one stops, and the other side does not take any.</summary>
    private bool _leaveStored;
    private int _readFailures;
    private long _readAgainAt;

    public async ValueTask<QueuedBatch?> TakeAsync(CancellationToken cancellationToken)
    {
        await _taking.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                long version = _log?.Version ?? -1;
                if (await TryTakeStoredAsync(cancellationToken).ConfigureAwait(false) is { } stored)
                    return stored;
                TimeSpan wait;
                lock (_gate)
                {
                    NoticeStuckWriter();
                    if (TryTakeStaged(out Batch? batch))
                        return new QueuedBatch(batch);
                    if (IsOver(version))
                        return null;
                    if (!_leaveStored && version != (_log?.Version ?? -1))
                        continue;
                    _takerWaits = true;
                    wait = _staged.Count > 0 || _group.Count > 0 || _readFailures > 0 ? s_lookAgain : Timeout.InfiniteTimeSpan;
                }
                await _changed.WaitAsync(wait, cancellationToken).ConfigureAwait(false);
                lock (_gate)
                    _takerWaits = false;
            }
        }
        finally
        {
            _taking.Release();
        }
    }

    private async ValueTask<QueuedBatch?> TryTakeStoredAsync(CancellationToken cancellationToken)
    {
        while (!_leaveStored && _log is { } log && Now >= _readAgainAt)
        {
            try
            {
                bool found = log.TryFind(out RecordHeader header);
                if (log.HasFinishedSegments)
                    WakeWriter();
                if (!found)
                    return null;
                TimeSpan pause = _pace.DelayOf(header);
                if (pause > TimeSpan.Zero && !await PauseAsync(pause, cancellationToken).ConfigureAwait(false))
                    return null;
                Batch? batch = log.Take(header);
                _readFailures = 0;
                _health.CanRead();
                if (batch is not null)
                    return new QueuedBatch(batch, (long)header.Sequence);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                FailReading(log, e);
            }
            finally
            {
                _health.CheckCorruption();
            }
        }
        return null;
    }

    /// <summary>Waits for the turn of a batch, or not once the outlet stops: then what is behind stays for the next process.</summary>
    private async ValueTask<bool> PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        for (TimeSpan left = pause; left > TimeSpan.Zero; left -= s_lookAgain)
        {
            lock (_gate)
            {
                if (_closed)
                {
                    _leaveStored = true;
                    return false;
                }
            }
            await Task.Delay(left < s_lookAgain ? left : s_lookAgain, _time, cancellationToken).ConfigureAwait(false);
        }
        return true;
    }

    private void FailReading(SegmentedLog log, Exception e)
    {
        _health.CannotRead(e.Message);
        _readAgainAt = Now + (long)s_readRetry.TotalMilliseconds;
        if (++_readFailures >= ReadAttempts)
            log.PassUnreadable();
    }

    /// <summary>Takes from memory what the disk can't have. Called with the lock held.</summary>
    private bool TryTakeStaged([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Batch? batch)
    {
        batch = null;
        if (!_health.IsFailing || _staged.First is not { } first)
            return false;
        batch = first.Value;
        _staged.RemoveFirst();
        return true;
    }

    /// <summary>Whether nothing comes any more. Called with the lock held.</summary>
    private bool IsOver(long version)
    {
        if (!_closed)
            return false;
        if (_leaveStored)
            return !_health.IsFailing || _staged.Count == 0;
        bool opened = _log is not null || _health.IsFailing;
        return opened && _staged.Count == 0 && _group.Count == 0 && version == (_log?.Version ?? -1) && _readFailures == 0;
    }

    /// <summary>Called with the lock held.</summary>
    private void WakeTaker()
    {
        // One that was cancelled did not take it back, and after the end there is nothing to wake it by.
        if (!_takerWaits || _ended)
            return;
        _takerWaits = false;
        _changed.Release();
    }
}
