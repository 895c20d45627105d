namespace EbpfReceiver.Otlp;

/// <summary>
/// The batches of one outlet on disk, in the order they came: an append-only log in segments, each with a file of acknowledgements that
/// says which of its batches are delivered or dropped. One thread writes, one at a time reads, any completes. See
/// docs/decisions/0007-queue-on-disk.md.
/// </summary>
internal sealed partial class SegmentedLog : IDisposable
{
    private readonly QueueDirectory _directory;
    private readonly QueueStorageOptions _options;
    private readonly OutletStatistics _outlet;
    private readonly QueueStorageStatistics _statistics;
    private readonly Lock _gate = new();

    /// <summary>In order; the last one is written unless it is sealed.</summary>
    private readonly List<QueueSegment> _segments = [];

    /// <summary>Those whose files are still to be removed.</summary>
    private readonly List<QueueSegment> _removed = [];
    private long _version;
    private bool _unwritten;
    private bool _finished;

    /// <summary>Takes over what is in the directory.</summary>
    /// <exception cref="IOException">The disk is failing.</exception>
    /// <exception cref="StorageException">A later version of the receiver wrote it.</exception>
    public SegmentedLog(QueueDirectory directory, QueueStorageOptions options, OutletStatistics outlet)
    {
        _directory = directory;
        _options = options;
        _outlet = outlet;
        _statistics = outlet.Storage!;
        Recover();
    }

    /// <summary>Changes whenever there may be more to read.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Whether acknowledgements wait to be written.</summary>
    public bool HasUnwrittenAcknowledgements => Volatile.Read(ref _unwritten);

    /// <summary>Whether files of segments that nobody needs may be there.</summary>
    public bool HasFinishedSegments => Volatile.Read(ref _finished);

    /// <summary>A batch that was taken is delivered or dropped.</summary>
    /// <returns>Whether the writing thread has something to do that it had not before.</returns>
    public bool Complete(ulong sequence)
    {
        _statistics.CountBatches(-1);
        lock (_gate)
        {
            if (Find(sequence) is not { } segment)
                return false;
            bool unwritten = _unwritten, finished = _finished;
            CompleteIn(segment, sequence);
            return unwritten != _unwritten || finished != _finished;
        }
    }

    /// <summary>Whether a batch that was taken is there at the next start if it is not completed: its segment was not evicted.</summary>
    public bool Holds(ulong sequence)
    {
        lock (_gate)
            return Find(sequence) is not null;
    }

    /// <summary>A batch that was taken is left for the next process.</summary>
    public void Abandon(ulong sequence, Signal signal, int items)
    {
        if (Holds(sequence))
            _outlet.CountStored(signal, items);
        else
            _statistics.CountBatches(-1);
    }

    /// <summary>Commits and flushes what was written, and closes the files; what is not completed is there at the next start.</summary>
    /// <exception cref="IOException">The disk is full or failing.</exception>
    public void Close()
    {
        try
        {
            Commit();
            Flush();
            RemoveFinishedSegments();
            WriteAcknowledgements(flush: _options.Fsync != FsyncPolicy.Never);
        }
        finally
        {
            CountStored();
            Dispose();
        }
    }

    public void Dispose()
    {
        _writer?.Dispose();
        _writer = null;
        _reader?.Dispose();
        _reader = null;
    }

    private QueueSegment? Find(ulong sequence)
    {
        int low = 0, high = _segments.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            QueueSegment segment = _segments[middle];
            if (sequence < segment.Header.First)
                high = middle - 1;
            else if (sequence >= segment.End)
                low = middle + 1;
            else
                return segment;
        }
        return null;
    }

    private void Recover()
    {
        _directory.RemoveOrphans();
        IReadOnlyList<ulong> found = _directory.Segments();
        for (int i = 0; i < found.Count; i++)
        {
            ulong? next = i + 1 < found.Count ? found[i + 1] : null;
            QueueSegment? segment = SegmentRecovery.Recover(_directory, found[i], next, _statistics);
            _next = segment?.End ?? _next;
            if (segment is { Waiting.Batches: > 0 })
                _segments.Add(segment);
            else
                _directory.Remove(found[i], flush: false);
        }
        // Counted when all are read: when the disk fails in between, it all begins again.
        foreach (QueueSegment segment in _segments)
        {
            _statistics.CountBytes(segment.Length + segment.AcknowledgedLength);
            _statistics.CountRecovered(segment.Waiting.Batches);
            for (int signal = 0; signal < Signals.Count; signal++)
                _outlet.CountRecovered((Signal)signal, segment.Waiting.Items((Signal)signal));
        }
        _sequence = _next;
    }

    /// <summary>Counts what was not taken and is there for the next process.</summary>
    private void CountStored()
    {
        lock (_gate)
        {
            foreach (QueueSegment segment in _segments)
            {
                for (int signal = 0; signal < Signals.Count; signal++)
                    _outlet.CountStored((Signal)signal, segment.Waiting.Items((Signal)signal));
            }
        }
    }

    /// <summary>Counts what of a segment was not taken and will not be.</summary>
    private void Drop(QueueSegment segment, DropCause cause)
    {
        _statistics.CountBatches(-segment.Waiting.Batches);
        for (int signal = 0; signal < Signals.Count; signal++)
            _outlet.CountDropped((Signal)signal, cause, segment.Waiting.Items((Signal)signal));
        segment.Waiting.Clear();
    }

    private void CompleteIn(QueueSegment segment, ulong sequence)
    {
        segment.Complete(sequence);
        _unwritten = true;
        _finished |= segment.IsFinished;
    }

    private void Forget(QueueSegment segment)
    {
        segment.Removed = true;
        _removed.Add(segment);
    }
}
