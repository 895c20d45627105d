using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Appends records to a new segment: gathered in a buffer and written in few calls. What was not committed is cut off again on disposal,
/// as far as the disk lets us.
/// </summary>
internal sealed class SegmentWriter : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly byte[] _buffer;
    private int _buffered;
    private long _written = SegmentHeader.Size;
    private long _committed = SegmentHeader.Size;

    private SegmentWriter(QueueSegment segment, SafeFileHandle file, byte[] buffer) => (Segment, _file, _buffer) = (segment, file, buffer);

    public QueueSegment Segment { get; }

    /// <summary>Bytes of the file, those in the buffer included.</summary>
    public long Length => _written + _buffered;

    /// <summary>Bytes that were committed and not flushed to the disk.</summary>
    public long Unflushed { get; private set; }

    /// <summary>Makes the two files of a segment, and has the disk know them unless it is never told.</summary>
    /// <exception cref="IOException">The disk is full or failing; nothing is left behind, if it can be helped.</exception>
    public static SegmentWriter Create(QueueDirectory directory, ulong first, byte[] buffer, bool flush)
    {
        var header = new SegmentHeader(BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint))), first);
        var segment = new QueueSegment(header, directory.RecordsPath(first), directory.AcknowledgementsPath(first));
        SafeFileHandle? file = null;
        try
        {
            // The second copy of the header first: a segment is never without one.
            using (SafeFileHandle acknowledgements = Begin(segment.AcknowledgementsPath, header, SegmentHeader.AcknowledgementsMagic))
            {
                if (flush)
                    PosixFile.FlushData(acknowledgements, segment.AcknowledgementsPath);
            }
            file = Begin(segment.RecordsPath, header, SegmentHeader.RecordsMagic);
            if (flush)
            {
                PosixFile.FlushData(file, segment.RecordsPath);
                PosixFile.FlushDirectory(directory.Path);
            }
            return new SegmentWriter(segment, file, buffer);
        }
        catch
        {
            file?.Dispose();
            Discard(segment);
            throw;
        }
    }

    /// <summary>Adds a record.</summary>
    /// <exception cref="IOException">The disk is full or failing; give the segment up.</exception>
    public void Append(in RecordHeader header, ReadOnlySpan<byte> request)
    {
        if (RecordHeader.Size > _buffer.Length - _buffered)
            Drain();
        header.Write(_buffer.AsSpan(_buffered), Segment.Header.Seed);
        _buffered += RecordHeader.Size;
        int padding = (int)(header.Stride - RecordHeader.Size - request.Length);
        if (request.Length + padding > _buffer.Length - _buffered)
        {
            Drain();
            if (request.Length + padding > _buffer.Length)
            {
                Write(request);
                request = default;
            }
        }
        request.CopyTo(_buffer.AsSpan(_buffered));
        _buffer.AsSpan(_buffered + request.Length, padding).Clear();
        _buffered += request.Length + padding;
    }

    /// <summary>Hands the records since the last commit to the kernel: from here on a killed process loses none of them.</summary>
    /// <exception cref="IOException">The disk is full or failing; give the segment up.</exception>
    /// <returns>Bytes of the file that are complete.</returns>
    public long Commit(bool flush)
    {
        Drain();
        if (flush)
            PosixFile.FlushData(_file, Segment.RecordsPath);
        else
            Unflushed += _written - _committed;
        _committed = _written;
        return _committed;
    }

    /// <summary>Forces what was committed to the disk.</summary>
    /// <exception cref="IOException">The disk did not take it; give the segment up.</exception>
    public void Flush()
    {
        Unflushed = 0;
        PosixFile.FlushData(_file, Segment.RecordsPath);
    }

    public void Dispose()
    {
        if (Length > _committed)
            Cut();
        _file.Dispose();
    }

    private void Drain()
    {
        Write(_buffer.AsSpan(0, _buffered));
        _buffered = 0;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file, bytes, _written);
        _written += bytes.Length;
    }

    private void Cut()
    {
        try
        {
            RandomAccess.SetLength(_file, _committed);
        }
        catch (IOException)
        {
            // The error that led here is the one to report. Readers know where the segment ends; the next process learns it from the
            // segment after this one, which begins with the same sequence number.
        }
    }

    private static SafeFileHandle Begin(string path, SegmentHeader header, ReadOnlySpan<byte> magic)
    {
        SafeFileHandle file = PosixFile.OpenOrCreate(path);
        try
        {
            Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
            header.Write(bytes, magic);
            RandomAccess.SetLength(file, 0);
            RandomAccess.Write(file, bytes, 0);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void Discard(QueueSegment segment)
    {
        try
        {
            File.Delete(segment.RecordsPath);
            File.Delete(segment.AcknowledgementsPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An empty segment is made anew under the same name, or removed by the next process.
        }
    }
}
