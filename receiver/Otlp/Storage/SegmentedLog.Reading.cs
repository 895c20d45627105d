namespace EbpfReceiver.Otlp;

// What one taker at a time does.
internal sealed partial class SegmentedLog
{
    /// <summary>What is passed over where the disk can't read: a page, the unit in which it fails.</summary>
    private const int UnreadableBytes = 4096;

    private SegmentReader? _reader;
    private QueueSegment? _reading;
    private RecordHeader? _found;

    /// <summary>Finds the next batch; it is found again until it is taken.</summary>
    /// <exception cref="IOException">The disk is failing.</exception>
    public bool TryFind(out RecordHeader header)
    {
        header = default;
        while (TryReading(out QueueSegment? segment, out long length, out ulong end))
        {
            if (_found is { } found)
            {
                header = found;
                return true;
            }
            _reader ??= new SegmentReader(segment.RecordsPath, segment.Header);
            bool isRecord = _reader.TryNext(length, end, out header);
            _statistics.CountCorrupted(_reader.Skipped);
            _reader.Skipped = 0;
            lock (_gate)
            {
                if (isRecord)
                {
                    if (!segment.Removed && !segment.IsDone(header.Sequence))
                        _found = header;
                    continue;
                }
                if (segment.Length > length)
                    continue;
                if (!segment.Sealed)
                    return false;
                EndSegment(segment);
            }
        }
        return false;
    }

    /// <summary>Takes the batch that was found.</summary>
    /// <returns>Null when it is not what was written, or was evicted meanwhile; both are counted.</returns>
    /// <exception cref="IOException">The disk is failing.</exception>
    public Batch? Take(in RecordHeader header)
    {
        Batch? batch = _reader!.Read(header);
        QueueSegment segment = _reading!;
        _found = null;
        lock (_gate)
        {
            if (segment.Removed)
            {
                batch?.Release();
                return null;
            }
            segment.Take(header);
            if (batch is null)
                CompleteCorrupted(segment, header);
        }
        return batch;
    }

    /// <summary>Passes over what could not be read for so long that it never will be.</summary>
    public void PassUnreadable()
    {
        lock (_gate)
        {
            if (_reading is not { Removed: false } segment)
                return;
            if (_found is { } header)
            {
                _found = null;
                segment.Take(header);
                CompleteCorrupted(segment, header);
            }
            else if (_reader is null)
            {
                _statistics.CountCorrupted(segment.Length);
                EndSegment(segment);
            }
            else
            {
                _reader.Pass(UnreadableBytes, segment.Length);
            }
        }
    }

    /// <summary>The segment to read in, which is the oldest that was not read.</summary>
    private bool TryReading([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out QueueSegment? segment, out long length, out ulong end)
    {
        lock (_gate)
        {
            if (_reading is { Removed: true } or { Read: true })
            {
                _reader?.Dispose();
                _reader = null;
                _reading = null;
                _found = null;
            }
            segment = _reading ??= _segments.Find(static s => !s.Read);
            length = segment?.Length ?? 0;
            end = segment?.End ?? 0;
            return segment is not null;
        }
    }

    private void EndSegment(QueueSegment segment)
    {
        segment.Read = true;
        // What should have been there and was not found.
        Drop(segment, DropCause.Corrupted);
        _finished |= segment.IsFinished;
    }

    private void CompleteCorrupted(QueueSegment segment, in RecordHeader header)
    {
        CompleteIn(segment, header.Sequence);
        _statistics.CountBatches(-1);
        _statistics.CountCorrupted(header.Stride);
        _outlet.CountDropped(header.Signal, DropCause.Corrupted, header.Items);
    }
}
