namespace EbpfReceiver.Otlp;

/// <summary>How the queue on disk of an outlet is. Written by several threads, read by any.</summary>
public sealed class QueueStorageStatistics
{
    private long _batches;
    private long _bytes;
    private long _recoveredBatches;
    private long _corruptedBytes;
    private long _cutBytes;
    private long _unsynced;
    private string? _fault;
    private bool _isFull;

    /// <param name="capacityBytes">Bytes its files may take.</param>
    public QueueStorageStatistics(long capacityBytes) => CapacityBytes = capacityBytes;

    /// <summary>Bytes its files may take.</summary>
    public long CapacityBytes { get; }

    /// <summary>Bytes its files take, those of batches included that are delivered and whose segment is not.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Batches on disk that wait or are on their way.</summary>
    public long Batches => Interlocked.Read(ref _batches);

    /// <summary>Batches that were there when it was opened.</summary>
    public long RecoveredBatches => Interlocked.Read(ref _recoveredBatches);

    /// <summary>
    /// Bytes that were not what had been written, and were passed over. The items are in <see cref="DropCause.Corrupted"/> as far as
    /// known.
    /// </summary>
    public long CorruptedBytes => Interlocked.Read(ref _corruptedBytes);

    /// <summary>Bytes at the end of the last segment that an earlier process had not finished writing.</summary>
    public long CutBytes => Interlocked.Read(ref _cutBytes);

    /// <summary>Bytes written that the disk may not have yet, by the fsync policy.</summary>
    public long UnsyncedBytes => Interlocked.Read(ref _unsynced);

    /// <summary>Why batches wait in memory instead, as a sentence; null while all is well.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    /// <summary>There is no room, and nothing may be dropped to make it: what comes now waits in memory.</summary>
    public bool IsFull
    {
        get => Volatile.Read(ref _isFull);
        internal set => Volatile.Write(ref _isFull, value);
    }

    internal void CountBatches(long batches) => Interlocked.Add(ref _batches, batches);

    internal void CountBytes(long bytes) => Interlocked.Add(ref _bytes, bytes);

    internal void CountRecovered(long batches)
    {
        Interlocked.Add(ref _recoveredBatches, batches);
        Interlocked.Add(ref _batches, batches);
    }

    internal void CountCorrupted(long bytes) => Interlocked.Add(ref _corruptedBytes, bytes);

    internal void CountCut(long bytes) => Interlocked.Add(ref _cutBytes, bytes);

    internal void NoteUnsynced(long bytes) => Interlocked.Exchange(ref _unsynced, bytes);

    internal void NoteFault(string? fault) => Volatile.Write(ref _fault, fault);
}
