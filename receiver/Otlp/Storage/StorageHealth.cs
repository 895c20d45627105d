using Microsoft.Extensions.Logging;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Whether a queue on disk can be used, for writing and for reading each: says once when it can't and once when it can again, and when to
/// try next. Any thread.
/// </summary>
internal sealed class StorageHealth(
    string outlet, string directory, QueueStorageStatistics statistics, OutletStatistics all, ILogger logger)
{
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_lastRetry = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private string? _writing;
    private string? _reading;
    private TimeSpan _retry = s_firstRetry;
    private int _fullSaid;
    private int _corruptedSaid;

    /// <summary>Whether batches have to stay in memory.</summary>
    public bool IsFailing => statistics.Fault is not null;

    /// <summary>Whether nothing can be written now, whatever can be read.</summary>
    public bool IsWritingFailing => Volatile.Read(ref _writing) is not null;

    /// <summary>Writing, or opening, failed.</summary>
    /// <returns>How long to wait before it is tried again.</returns>
    public TimeSpan CannotWrite(string reason)
    {
        lock (_gate)
        {
            Change(ref _writing, reason);
            TimeSpan wait = _retry;
            _retry = TimeSpan.FromTicks(Math.Min(_retry.Ticks * 2, s_lastRetry.Ticks));
            return wait;
        }
    }

    /// <summary>A write takes so long that nobody should wait for it.</summary>
    public void Stuck(TimeSpan since)
    {
        if (Volatile.Read(ref _writing) is not null)
            return;
        lock (_gate)
            Change(ref _writing, $"the disk has not answered for {since.TotalSeconds:F0} s");
    }

    public void CanWrite()
    {
        if (Volatile.Read(ref _writing) is null)
            return;
        lock (_gate)
        {
            _retry = s_firstRetry;
            Change(ref _writing, null);
        }
    }

    public void CannotRead(string reason)
    {
        lock (_gate)
            Change(ref _reading, reason);
    }

    public void CanRead()
    {
        if (Volatile.Read(ref _reading) is null)
            return;
        lock (_gate)
            Change(ref _reading, null);
    }

    /// <summary>What was found when the queue was opened.</summary>
    public void Opened()
    {
        if (statistics.RecoveredBatches > 0)
            StorageLog.Recovered(logger, outlet, statistics.RecoveredBatches, directory);
        if (statistics.CutBytes > 0)
            StorageLog.Cut(logger, outlet, statistics.CutBytes, directory);
    }

    /// <summary>Says the first time that something can't be read back.</summary>
    public void CheckCorruption()
    {
        if (statistics.CorruptedBytes > 0 && Interlocked.Exchange(ref _corruptedSaid, 1) == 0)
            StorageLog.Corrupted(logger, outlet, statistics.CorruptedBytes, directory);
    }

    /// <summary>Says the first time that the queue has reached its size.</summary>
    public void Full(FullPolicy policy)
    {
        if (Interlocked.Exchange(ref _fullSaid, 1) == 0)
        {
            StorageLog.Full(
                logger, outlet, directory, statistics.CapacityBytes,
                policy == FullPolicy.Refuse ? "batches are refused when memory is full too" : "the oldest batches are dropped");
        }
    }

    /// <summary>The process ends without knowing what became of the last writes.</summary>
    public void Unfinished(string reason) => StorageLog.Unfinished(logger, outlet, directory, reason);

    private void Change(ref string? fault, string? reason)
    {
        bool failed = IsFailing;
        Volatile.Write(ref fault, reason);
        statistics.NoteFault(_writing ?? _reading);
        if (reason is not null)
            all.NoteError(reason);
        if (!failed && IsFailing)
            StorageLog.Failing(logger, outlet, directory, reason!);
        else if (failed && !IsFailing)
            StorageLog.Well(logger, outlet, directory);
    }
}
