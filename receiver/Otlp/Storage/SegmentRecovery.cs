using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Takes over the segments that an earlier process left. Headers of records are read, requests only of the last segment: there the end may
/// be torn, and is cut off.
/// </summary>
internal static class SegmentRecovery
{
    /// <summary>A file of acknowledgements is not believed beyond so many; what was acknowledged behind them is sent again.</summary>
    private const int MaxAcknowledgements = 1024 * 1024;

    private const int ReadBytes = 64 * 1024;

    /// <summary>Takes over one segment.</summary>
    /// <param name="directory">Where it is.</param>
    /// <param name="first">Its name.</param>
    /// <param name="next">The name of the segment behind it, where this one ends; null for the last.</param>
    /// <param name="statistics">Counts what is cut off and what can't be read.</param>
    /// <returns>The segment; null when neither of its files tells how to read it.</returns>
    /// <exception cref="IOException">The disk is failing.</exception>
    /// <exception cref="StorageException">A later version of the receiver wrote it.</exception>
    public static QueueSegment? Recover(QueueDirectory directory, ulong first, ulong? next, QueueStorageStatistics statistics)
    {
        string records = directory.RecordsPath(first), acknowledgements = directory.AcknowledgementsPath(first);
        if (!TryReadHeader(records, SegmentHeader.RecordsMagic, first, out SegmentHeader header) &&
            !TryReadHeader(acknowledgements, SegmentHeader.AcknowledgementsMagic, first, out header))
        {
            statistics.CountCorrupted(new FileInfo(records).Length);
            return null;
        }
        var segment = new QueueSegment(header, records, acknowledgements);
        ReadAcknowledgements(segment);
        using var reader = new SegmentReader(records, header);
        if (next is { } end)
            Walk(segment, reader, end);
        else
            WalkAndCut(segment, reader, statistics);
        return segment;
    }

    private static void Walk(QueueSegment segment, SegmentReader reader, ulong end)
    {
        long length = reader.FileLength;
        while (reader.TryNext(length, end, out RecordHeader header))
            Count(segment, header);
        segment.Recover(length, end);
    }

    private static void WalkAndCut(QueueSegment segment, SegmentReader reader, QueueStorageStatistics statistics)
    {
        long length = reader.FileLength, whole = SegmentHeader.Size;
        ulong end = segment.Header.First;
        // Damaged ones before a whole one are no torn end: they were written, and are found missing when their turn comes.
        var damaged = new List<RecordHeader>();
        while (reader.TryNext(length, ulong.MaxValue, out RecordHeader header))
        {
            if (reader.Read(header) is not { } batch)
            {
                damaged.Add(header);
                continue;
            }
            batch.Release();
            foreach (RecordHeader d in damaged)
                Count(segment, d);
            damaged.Clear();
            Count(segment, header);
            whole = reader.FoundEnd;
            end = header.Sequence + 1;
        }
        if (length > whole)
        {
            statistics.CountCut(length - whole);
            Cut(segment.RecordsPath, whole);
        }
        segment.Recover(whole, end);
    }

    private static void Count(QueueSegment segment, in RecordHeader header)
    {
        if (!segment.IsDone(header.Sequence))
            segment.Waiting.Add(header.Signal, header.Items);
    }

    private static void Cut(string path, long length)
    {
        using SafeFileHandle file = PosixFile.OpenOrCreate(path);
        RandomAccess.SetLength(file, length);
        PosixFile.FlushData(file, path);
    }

    private static bool TryReadHeader(string path, ReadOnlySpan<byte> magic, ulong first, out SegmentHeader header)
    {
        header = default;
        if (!File.Exists(path))
            return false;
        Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
        using (SafeFileHandle file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete))
            bytes = bytes[..RandomAccess.Read(file, bytes, 0)];
        bool readable = SegmentHeader.TryRead(bytes, magic, out header, out uint version);
        if (version > SegmentHeader.CurrentVersion)
        {
            throw new StorageException(
                $"{path} was written by a later version of the receiver (format {version}, this one reads {SegmentHeader.CurrentVersion})",
                "Run that version until the queue is empty, or remove the files.");
        }
        return readable && header.First == first;
    }

    private static void ReadAcknowledgements(QueueSegment segment)
    {
        if (!File.Exists(segment.AcknowledgementsPath))
            return;
        using SafeFileHandle file = File.OpenHandle(segment.AcknowledgementsPath, share: FileShare.ReadWrite | FileShare.Delete);
        long entries = Math.Max(0, RandomAccess.GetLength(file) - SegmentHeader.Size) / SequenceRange.Size;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            long position = SegmentHeader.Size, end = position + Math.Min(entries, MaxAcknowledgements) * SequenceRange.Size;
            while (position < end)
            {
                Span<byte> bytes = buffer.AsSpan(0, (int)Math.Min(ReadBytes, end - position));
                int read = RandomAccess.Read(file, bytes, position) / SequenceRange.Size * SequenceRange.Size;
                if (read == 0)
                    break;
                position += read;
                for (bytes = bytes[..read]; !bytes.IsEmpty; bytes = bytes[SequenceRange.Size..])
                {
                    if (SequenceRange.TryRead(bytes, segment.Header.Seed, out SequenceRange done))
                        segment.Recover(done);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        segment.AcknowledgedLength = SegmentHeader.Size + entries * SequenceRange.Size;
    }
}
