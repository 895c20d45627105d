namespace EbpfReceiver.Otlp;

/// <summary>
/// What became of the items offered to one outlet, by signal. Once its queue is empty,
/// <c>Offered + Recovered = Delivered + sum(Dropped by cause) + Stored</c>; before that the difference is <see cref="Pending"/>.
/// Written by several threads, read by any.
/// </summary>
public sealed class OutletStatistics
{
    private readonly long[] _offered = new long[Signals.Count];
    private readonly long[] _recovered = new long[Signals.Count];
    private readonly long[] _stored = new long[Signals.Count];
    private readonly long[] _delivered = new long[Signals.Count];
    private readonly long[] _dropped = new long[Signals.Count * DropCauses.Count];
    private long _requests;
    private long _retries;
    private long _bytes;
    private long _queued;
    private long _queueSize;
    private bool _queueIsFull;
    private string? _lastError;
    private readonly Lock _gate = new();
    private OutletStatistics? _predecessor;

    /// <param name="queueCapacity">See <see cref="QueueCapacity"/>.</param>
    public OutletStatistics(long queueCapacity = 0) => QueueCapacity = queueCapacity;

    /// <summary>What the outlet's queue holds at most, in batches unless it was told to count items or bytes; 0 when it has none.</summary>
    public long QueueCapacity { get; }

    /// <summary>What waits or is on its way now, in the unit of <see cref="QueueCapacity"/>.</summary>
    public long QueueSize => Interlocked.Read(ref _queueSize);

    /// <summary>Whether a batch like the last one would be refused for want of room, or would not be stored for want of it.</summary>
    public bool QueueIsFull
    {
        get => Volatile.Read(ref _queueIsFull) || Storage is { IsFull: true };
        internal set => Volatile.Write(ref _queueIsFull, value);
    }

    /// <summary>The queue on disk; null when there is none.</summary>
    public QueueStorageStatistics? Storage { get; init; }

    /// <summary>Batches in memory that wait or are on their way now; of a queue on disk those that are not written yet.</summary>
    public long Queued => Sum(ref _queued, static s => s.Queued);

    /// <summary>Requests tried, retries included.</summary>
    public long Requests => Sum(ref _requests, static s => s.Requests);

    /// <summary>Requests that were tried again.</summary>
    public long Retries => Sum(ref _retries, static s => s.Retries);

    /// <summary>Bytes of requests that were delivered, before compression.</summary>
    public long Bytes => Sum(ref _bytes, static s => s.Bytes);

    /// <summary>What went wrong last, as a sentence, whether or not it was mended since; null if nothing did.</summary>
    public string? LastError => Volatile.Read(ref _lastError);

    /// <summary>Items offered to the outlet.</summary>
    public long Offered(Signal signal) => Sum(ref _offered[(int)signal], s => s.Offered(signal));

    /// <summary>Items that a queue on disk had when it was opened: offered to an earlier process and not delivered by it.</summary>
    public long Recovered(Signal signal) => Sum(ref _recovered[(int)signal], s => s.Recovered(signal));

    /// <summary>Items that a queue on disk had when it was closed: the next one to open it recovers them.</summary>
    public long Stored(Signal signal) => Sum(ref _stored[(int)signal], s => s.Stored(signal));

    /// <summary>Items that the other side took.</summary>
    public long Delivered(Signal signal) => Sum(ref _delivered[(int)signal], s => s.Delivered(signal));

    /// <summary>Items that did not arrive, for one cause.</summary>
    public long Dropped(Signal signal, DropCause cause) => Sum(ref _dropped[Index(signal, cause)], s => s.Dropped(signal, cause));

    /// <summary>Items that did not arrive, for any cause.</summary>
    public long Dropped(Signal signal)
    {
        long sum = 0;
        for (int cause = 0; cause < DropCauses.Count; cause++)
            sum += Dropped(signal, (DropCause)cause);
        return sum;
    }

    /// <summary>Items whose fate is open: queued, on their way, or waiting for a retry.</summary>
    public long Pending(Signal signal) =>
        Math.Max(0, Offered(signal) + Recovered(signal) - Delivered(signal) - Dropped(signal) - Stored(signal));

    /// <summary>
    /// Goes on where an outlet of the same name ended, or is about to: from now on these counters include the other's, which may still change
    /// while it delivers its last. Whoever followed the other must have been taken over before.
    /// </summary>
    internal void Continue(OutletStatistics predecessor)
    {
        // A chain of all outlets that ever were would grow with every change of the configuration.
        predecessor.Absorb();
        lock (_gate)
            _predecessor = predecessor;
        if (predecessor.LastError is { } error)
            NoteError(error);
    }

    private void Absorb()
    {
        lock (_gate)
        {
            if (_predecessor is not { } before)
                return;
            for (int i = 0; i < Signals.Count; i++)
            {
                Interlocked.Add(ref _offered[i], before.Offered((Signal)i));
                Interlocked.Add(ref _recovered[i], before.Recovered((Signal)i));
                Interlocked.Add(ref _stored[i], before.Stored((Signal)i));
                Interlocked.Add(ref _delivered[i], before.Delivered((Signal)i));
                for (int cause = 0; cause < DropCauses.Count; cause++)
                    CountDropped((Signal)i, (DropCause)cause, before.Dropped((Signal)i, (DropCause)cause));
            }
            Interlocked.Add(ref _requests, before.Requests);
            Interlocked.Add(ref _retries, before.Retries);
            Interlocked.Add(ref _bytes, before.Bytes);
            Interlocked.Add(ref _queued, before.Queued);
            _predecessor = null;
        }
    }

    private long Sum(ref long own, Func<OutletStatistics, long> of)
    {
        lock (_gate)
            return Interlocked.Read(ref own) + (_predecessor is { } before ? of(before) : 0);
    }

    internal void CountOffered(Signal signal, long items) => Interlocked.Add(ref _offered[(int)signal], items);

    internal void CountRecovered(Signal signal, long items) => Interlocked.Add(ref _recovered[(int)signal], items);

    internal void CountStored(Signal signal, long items) => Interlocked.Add(ref _stored[(int)signal], items);

    /// <summary>Counts what an outlet has given to the other side; for outlets, those of other assemblies too.</summary>
    public void CountDelivered(Signal signal, long items, long bytes)
    {
        Interlocked.Add(ref _delivered[(int)signal], items);
        Interlocked.Add(ref _bytes, bytes);
    }

    /// <summary>Counts what an outlet took and then lost. What it refused to take, the fanout counts.</summary>
    public void CountDropped(Signal signal, DropCause cause, long items) =>
        Interlocked.Add(ref _dropped[Index(signal, cause)], items);

    internal void CountRequest() => Interlocked.Increment(ref _requests);

    internal void CountRetry() => Interlocked.Increment(ref _retries);

    /// <summary>Keeps what went wrong, for people to read.</summary>
    public void NoteError(string error) => Volatile.Write(ref _lastError, error);

    /// <summary>Counts batches that wait: positive when they come, negative when they go.</summary>
    public void CountQueued(int batches)
    {
        CountQueued(batches, batches);
        QueueIsFull = QueueCapacity > 0 && QueueSize >= QueueCapacity;
    }

    /// <summary>The same for a queue whose size is not counted in batches and that knows itself whether it is full.</summary>
    internal void CountQueued(int batches, long size)
    {
        Interlocked.Add(ref _queued, batches);
        Interlocked.Add(ref _queueSize, size);
    }

    private static int Index(Signal signal, DropCause cause) => (int)signal * DropCauses.Count + (int)cause;
}
