using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Reads the records of a segment one after the other. What is damaged is passed over and counted in <see cref="Skipped"/>; no length is
/// believed that the file does not have.
/// </summary>
internal sealed class SegmentReader : IDisposable
{
    private const int SearchBytes = 64 * 1024;

    private readonly SafeFileHandle _file;
    private readonly SegmentHeader _segment;
    private ulong _expected;

    public SegmentReader(string path, SegmentHeader segment)
    {
        _segment = segment;
        _expected = segment.First;
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Where the next record should be.</summary>
    public long Position { get; private set; } = SegmentHeader.Size;

    /// <summary>Where the last record that was found ends.</summary>
    public long FoundEnd { get; private set; } = SegmentHeader.Size;

    /// <summary>Bytes that were passed over since this was last set to 0.</summary>
    public long Skipped { get; set; }

    /// <summary>Bytes of the file now.</summary>
    public long FileLength => RandomAccess.GetLength(_file);

    /// <summary>Finds the next record and goes behind it.</summary>
    /// <param name="length">Bytes of the file that are complete.</param>
    /// <param name="end">The sequence number after the last record; no larger one is believed.</param>
    /// <param name="header">The record's header.</param>
    /// <returns>False: there is none up to the length.</returns>
    /// <exception cref="IOException">The disk is failing; the position is as it was.</exception>
    public bool TryNext(long length, ulong end, out RecordHeader header)
    {
        Span<byte> bytes = stackalloc byte[RecordHeader.Size];
        if (Position + RecordHeader.Size <= length && ReadAt(bytes, Position) && IsRecord(bytes, Position, length, end, out header))
        {
            Advance(Position, header);
            return true;
        }
        return TrySearch(length, end, out header);
    }

    /// <summary>Reads the request of the record that was found last.</summary>
    /// <returns>The batch; null when it is not what was written.</returns>
    /// <exception cref="IOException">The disk is failing.</exception>
    public Batch? Read(in RecordHeader header)
    {
        byte[] rented = RequestBuffers.Rent(header.Length);
        try
        {
            Span<byte> request = rented.AsSpan(0, header.Length);
            if (ReadAt(request, FoundEnd - header.Stride + RecordHeader.Size) && Crc32C.Of(_segment.Seed, request) == header.PayloadSum)
            {
                var batch = Batch.Own(header.Signal, header.Items, rented, header.Length);
                rented = [];
                return batch;
            }
            return null;
        }
        finally
        {
            if (rented.Length > 0)
                RequestBuffers.Return(rented);
        }
    }

    /// <summary>Passes over bytes that the disk can't read.</summary>
    public void Pass(int bytes, long length)
    {
        long to = Math.Min(Position + bytes, length);
        Skipped += to - Position;
        Position = to;
    }

    public void Dispose() => _file.Dispose();

    /// <summary>
    /// Looks for a record at each place where one may begin. The seed of the segment keeps what is inside requests from passing for
    /// one.
    /// </summary>
    private bool TrySearch(long length, ulong end, out RecordHeader header)
    {
        header = default;
        if (Position >= length)
            return false;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(SearchBytes);
        try
        {
            long from = Position;
            while (from + RecordHeader.Size <= length)
            {
                int read = RandomAccess.Read(_file, buffer.AsSpan(0, (int)Math.Min(SearchBytes, length - from)), from);
                if (read < RecordHeader.Size)
                    break;
                int at = 0;
                for (; at + RecordHeader.Size <= read; at += RecordHeader.Alignment)
                {
                    if (!IsRecord(buffer.AsSpan(at, RecordHeader.Size), from + at, length, end, out header))
                        continue;
                    Skipped += from + at - Position;
                    Advance(from + at, header);
                    return true;
                }
                from += at;
            }
            Skipped += length - Position;
            Position = length;
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool IsRecord(ReadOnlySpan<byte> bytes, long position, long length, ulong end, out RecordHeader header) =>
        RecordHeader.TryRead(bytes, _segment.Seed, out header)
        && header.Stride <= length - position
        && header.Sequence >= _expected && header.Sequence < end
        && header.Sequence - _expected <= (ulong)(length - Position) / RecordHeader.Size;

    private void Advance(long position, in RecordHeader header)
    {
        Position = position + header.Stride;
        FoundEnd = Position;
        _expected = header.Sequence + 1;
    }

    private bool ReadAt(Span<byte> bytes, long position)
    {
        while (!bytes.IsEmpty)
        {
            int read = RandomAccess.Read(_file, bytes, position);
            if (read == 0)
                return false;
            bytes = bytes[read..];
            position += read;
        }
        return true;
    }
}
