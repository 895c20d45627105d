using Microsoft.Win32.SafeHandles;

namespace EbpfReceiver.Otlp;

// What the one writing thread does. Whatever throws leaves the log as it was at the last commit; what comes next begins a new segment.
internal sealed partial class SegmentedLog
{
    private const int BufferBytes = 128 * 1024;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly BatchTotals _appended = new();
    private SegmentWriter? _writer;

    /// <summary>The sequence number of the next batch.</summary>
    private ulong _sequence = 1;

    /// <summary>The sequence number after the last one that was committed.</summary>
    private ulong _next = 1;

    /// <summary>The sequence number after the last batch that counts as stored.</summary>
    public ulong Next => Volatile.Read(ref _next);

    /// <summary>Bytes that were committed and are not flushed to the disk.</summary>
    public long Unflushed => _writer?.Unflushed ?? 0;

    /// <summary>Sees to it that so many bytes fit.</summary>
    /// <param name="bytes">Of records.</param>
    /// <param name="evicted">Something had to be dropped for them.</param>
    /// <returns>False: they do not, and nothing may be dropped for them.</returns>
    /// <exception cref="IOException">The disk is failing.</exception>
    public bool MakeRoom(long bytes, out bool evicted)
    {
        evicted = false;
        RemoveFinishedSegments();
        // A new segment may begin with the batch.
        bytes += 2 * SegmentHeader.Size;
        while (_statistics.Bytes + bytes > _options.MaxBytes)
        {
            if (_options.WhenFull == FullPolicy.Refuse || !TryEvict())
                return false;
            evicted = true;
            RemoveFiles();
        }
        return true;
    }

    /// <summary>Writes a batch behind the others; it counts as stored after <see cref="Commit"/>.</summary>
    /// <exception cref="IOException">The disk is full or failing.</exception>
    public void Append(Batch batch)
    {
        if (_writer is not null && _writer.Length > SegmentHeader.Size &&
            _writer.Length + RecordHeader.Footprint(batch.Length) > _options.SegmentBytes)
        {
            Commit();
            Flush();
            Seal();
        }
        try
        {
            _writer ??= Begin();
            long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            RecordHeader header = RecordHeader.Of(batch, _sequence, now, _writer.Segment.Header.Seed);
            _writer.Append(header, batch.Bytes.Span);
        }
        catch
        {
            GiveUp();
            throw;
        }
        _appended.Add(batch.Signal, batch.Items);
        _sequence++;
    }

    /// <summary>Makes what was appended stored, by the fsync policy, and lets it be read.</summary>
    /// <exception cref="IOException">The disk is full or failing.</exception>
    public void Commit()
    {
        if (_appended.Batches == 0)
            return;
        long length;
        try
        {
            length = _writer!.Commit(flush: _options.Fsync == FsyncPolicy.Always);
        }
        catch
        {
            GiveUp();
            throw;
        }
        lock (_gate)
        {
            QueueSegment segment = _writer.Segment;
            _statistics.CountBytes(length - segment.Length);
            _statistics.CountBatches(_appended.Batches);
            _statistics.NoteUnsynced(Unflushed);
            segment.Extend(length, _sequence);
            segment.Waiting.Add(_appended);
        }
        _appended.Clear();
        Volatile.Write(ref _next, _sequence);
        Interlocked.Increment(ref _version);
    }

    /// <summary>Forces to the disk what was committed and is not there, unless the policy is never to.</summary>
    /// <exception cref="IOException">The disk did not take it; what was committed can be read as long as the kernel has it.</exception>
    public void Flush()
    {
        if (Unflushed == 0 || _options.Fsync == FsyncPolicy.Never)
            return;
        try
        {
            _writer!.Flush();
        }
        catch
        {
            GiveUp();
            throw;
        }
        _statistics.NoteUnsynced(0);
    }

    /// <summary>Writes down which batches are completed.</summary>
    /// <exception cref="IOException">The disk is full or failing; they are kept.</exception>
    public void WriteAcknowledgements(bool flush)
    {
        QueueSegment[] segments;
        lock (_gate)
        {
            _unwritten = false;
            segments = [.. _segments.Where(static s => s.HasUnwrittenAcknowledgements)];
        }
        foreach (QueueSegment segment in segments)
        {
            byte[] bytes;
            lock (_gate)
                bytes = segment.DrainAcknowledgements();
            try
            {
                using SafeFileHandle file = PosixFile.OpenOrCreate(segment.AcknowledgementsPath);
                RandomAccess.Write(file, bytes, segment.AcknowledgedLength);
                if (flush)
                    PosixFile.FlushData(file, segment.AcknowledgementsPath);
            }
            catch (IOException)
            {
                lock (_gate)
                {
                    segment.ReturnAcknowledgements(bytes);
                    _unwritten = true;
                }
                throw;
            }
            segment.AcknowledgedLength += bytes.Length;
            _statistics.CountBytes(bytes.Length);
        }
    }

    /// <summary>Removes the files of segments that nobody needs any more.</summary>
    /// <exception cref="IOException">The disk is failing; they are tried again.</exception>
    public void RemoveFinishedSegments()
    {
        lock (_gate)
        {
            if (!_finished)
                return;
            for (int i = _segments.Count - 1; i >= 0; i--)
            {
                if (!_segments[i].IsFinished)
                    continue;
                Forget(_segments[i]);
                _segments.RemoveAt(i);
            }
        }
        RemoveFiles();
        lock (_gate)
            _finished = _removed.Count > 0 || _segments.Exists(static s => s.IsFinished);
    }

    private SegmentWriter Begin()
    {
        SegmentWriter writer = SegmentWriter.Create(_directory, _sequence, _buffer, flush: _options.Fsync != FsyncPolicy.Never);
        lock (_gate)
        {
            _segments.Add(writer.Segment);
            _statistics.CountBytes(writer.Segment.Length + writer.Segment.AcknowledgedLength);
        }
        return writer;
    }

    /// <summary>Forgets what was appended since the last commit; the segment ends where it was then.</summary>
    private void GiveUp()
    {
        _appended.Clear();
        _sequence = _next;
        _statistics.NoteUnsynced(0);
        Seal();
    }

    private void Seal()
    {
        if (_writer is not { } writer)
            return;
        _writer = null;
        writer.Dispose();
        lock (_gate)
        {
            writer.Segment.Sealed = true;
            _finished |= writer.Segment.IsFinished;
        }
        Interlocked.Increment(ref _version);
    }

    /// <summary>Drops the oldest segment, be it the one that is written. What of it is under way goes on.</summary>
    private bool TryEvict()
    {
        if (_segments.Count == 0)
            return false;
        if (_segments[0] == _writer?.Segment)
            Seal();
        lock (_gate)
        {
            QueueSegment oldest = _segments[0];
            _segments.RemoveAt(0);
            Drop(oldest, DropCause.Evicted);
            Forget(oldest);
            _finished = true;
        }
        return true;
    }

    private void RemoveFiles()
    {
        while (true)
        {
            QueueSegment segment;
            lock (_gate)
            {
                if (_removed.Count == 0)
                    return;
                segment = _removed[^1];
            }
            _directory.Remove(segment.Header.First, flush: _options.Fsync != FsyncPolicy.Never);
            lock (_gate)
                _removed.Remove(segment);
            _statistics.CountBytes(-segment.Length - segment.AcknowledgedLength);
        }
    }
}
