namespace EbpfReceiver.Otlp;

/// <summary>The room of a queue in memory: what waits and what is under way both take it. Any thread.</summary>
internal sealed class QueueRoom
{
    private readonly Lock _gate = new();
    private readonly OutletStatistics _statistics;
    private readonly QueueSizer _sizer;
    private readonly long _capacity;
    private readonly long _maxBytes;
    private bool _mayBlock;
    private bool _closed;
    private int _batches;
    private long _size;
    private long _bytes;
    private long _lastSize;
    private long _lastBytes;
    private TaskCompletionSource? _room;

    public QueueRoom(OtlpQueueOptions options, OutletStatistics statistics)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Size);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxBytes);
        _statistics = statistics;
        (_sizer, _capacity) = options.Enabled ? (options.Sizer, options.Size) : (QueueSizer.Requests, options.Consumers);
        _maxBytes = options.MaxBytes;
        _mayBlock = options.BlockOnOverflow;
    }

    /// <summary>Takes the room of a batch; waits for it if it may.</summary>
    /// <returns>False: there is none, or the queue is closed.</returns>
    public bool TryEnter(Batch batch)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (_closed)
                    return false;
                if (Fits(SizeOf(batch), batch.Footprint))
                {
                    Add(batch, 1);
                    return true;
                }
                if (!_mayBlock)
                    return false;
                room = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            // A task and not an event: the thread pool makes up for a thread of its own that waits for a task.
            room.Wait();
        }
    }

    /// <summary>Gives the room of a batch back, which is not released yet.</summary>
    public void Leave(Batch batch)
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            Add(batch, -1);
            (room, _room) = (_room, null);
        }
        room?.SetResult();
    }

    /// <summary>Nobody waits for room from now on.</summary>
    public void StopBlocking()
    {
        TaskCompletionSource? room;
        lock (_gate)
        {
            _mayBlock = false;
            (room, _room) = (_room, null);
        }
        room?.SetResult();
    }

    /// <summary>There is no room for anybody from now on.</summary>
    public void Close()
    {
        StopBlocking();
        lock (_gate)
            _closed = true;
    }

    /// <summary>One batch always fits, however small the limits.</summary>
    private bool Fits(long size, long bytes) => _batches == 0 || (_size + size <= _capacity && _bytes + bytes <= _maxBytes);

    private void Add(Batch batch, int sign)
    {
        long size = SizeOf(batch);
        if (sign > 0)
            (_lastSize, _lastBytes) = (size, batch.Footprint);
        _batches += sign;
        _size += sign * size;
        _bytes += sign * (long)batch.Footprint;
        _statistics.CountQueued(sign, sign * size);
        // What comes next is probably as large as what came last.
        _statistics.QueueIsFull = !Fits(_lastSize, _lastBytes);
    }

    private long SizeOf(Batch batch) => _sizer switch
    {
        QueueSizer.Items => batch.Items,
        QueueSizer.Bytes => batch.Length,
        _ => 1,
    };
}
