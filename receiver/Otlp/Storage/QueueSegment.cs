namespace EbpfReceiver.Otlp;

/// <summary>
/// One segment of a queue on disk: a file of records and a file of acknowledgements. Only what is needed to account for it is in memory,
/// whatever the number of its records. Guarded by the lock of its <see cref="SegmentedLog"/>, but for the constants.
/// </summary>
internal sealed class QueueSegment(SegmentHeader header, string recordsPath, string acknowledgementsPath)
{
    private readonly SequenceRanges _done = new();
    private readonly SequenceRanges _unwritten = new();
    private int _underWay;

    public SegmentHeader Header { get; } = header;

    public string RecordsPath { get; } = recordsPath;

    public string AcknowledgementsPath { get; } = acknowledgementsPath;

    /// <summary>The sequence number after its last record.</summary>
    public ulong End { get; private set; } = header.First;

    /// <summary>Bytes of the file of records that are complete.</summary>
    public long Length { get; private set; } = SegmentHeader.Size;

    /// <summary>Bytes of the file of acknowledgements that are complete.</summary>
    public long AcknowledgedLength { get; set; } = SegmentHeader.Size;

    /// <summary>Batches that were not taken yet.</summary>
    public BatchTotals Waiting { get; } = new();

    /// <summary>Nothing is appended any more.</summary>
    public bool Sealed { get; set; }

    /// <summary>All of it was read.</summary>
    public bool Read { get; set; }

    /// <summary>Its files are gone, or about to be.</summary>
    public bool Removed { get; set; }

    /// <summary>Nothing of it is needed any more.</summary>
    public bool IsFinished => Sealed && Read && _underWay == 0;

    public bool HasUnwrittenAcknowledgements => _unwritten.Count > 0;

    /// <summary>Takes over what a scan of the file found.</summary>
    public void Recover(long length, ulong end) => (Length, End, Sealed) = (length, end, true);

    /// <summary>The records up to here are complete.</summary>
    public void Extend(long length, ulong end) => (Length, End) = (length, end);

    public bool IsDone(ulong sequence) => _done.Contains(sequence);

    /// <summary>What the file of acknowledgements says; ranges that are not the segment's are none of ours.</summary>
    public void Recover(SequenceRange done)
    {
        if (done.First >= Header.First)
            _done.Add(done);
    }

    public void Take(in RecordHeader header)
    {
        Waiting.Remove(header.Signal, header.Items);
        _underWay++;
    }

    /// <summary>A record that was taken is delivered or dropped.</summary>
    public void Complete(ulong sequence)
    {
        var range = new SequenceRange(sequence, sequence + 1);
        _done.Add(range);
        _unwritten.Add(range);
        _underWay--;
    }

    /// <summary>Gives out the acknowledgements that are not on disk, encoded.</summary>
    public byte[] DrainAcknowledgements()
    {
        var bytes = new byte[_unwritten.Count * SequenceRange.Size];
        int at = 0;
        foreach (SequenceRange range in _unwritten.All)
        {
            range.Write(bytes.AsSpan(at), Header.Seed);
            at += SequenceRange.Size;
        }
        _unwritten.Clear();
        return bytes;
    }

    /// <summary>Takes them back: they could not be written.</summary>
    public void ReturnAcknowledgements(ReadOnlySpan<byte> bytes)
    {
        for (; SequenceRange.TryRead(bytes, Header.Seed, out SequenceRange range); bytes = bytes[SequenceRange.Size..])
            _unwritten.Add(range);
    }
}
