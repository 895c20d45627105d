using System.Buffers.Binary;

namespace EbpfReceiver.Otlp;

/// <summary>
/// What stands before the request of each batch in a segment. Little-endian: mark (4), CRC-32C of the 32 bytes behind it (4), sequence (8),
/// Unix milliseconds (8), bytes of the request (4), items (4), CRC-32C of the request (4), signal (1), zero (3). Records begin at multiples
/// of <see cref="Alignment"/>.
/// </summary>
/// <param name="Sequence">Grows by one from record to record, over all segments.</param>
/// <param name="StoredAt">When it was written, Unix milliseconds.</param>
/// <param name="Length">Bytes of the request.</param>
/// <param name="Items">Items in the request.</param>
/// <param name="PayloadSum">The sum of the request.</param>
/// <param name="Signal">Which request message it is.</param>
internal readonly record struct RecordHeader(ulong Sequence, long StoredAt, int Length, int Items, uint PayloadSum, Signal Signal)
{
    public const int Size = 40;
    public const int Alignment = 8;

    /// <summary>No larger request is written or believed.</summary>
    public const int MaxLength = 64 * 1024 * 1024;

    private const uint Mark = 0x5242_4551; // QEBR
    private const int Checked = 8;

    /// <summary>Bytes from here to the next record.</summary>
    public long Stride => Footprint(Length);

    /// <summary>The header of a batch.</summary>
    public static RecordHeader Of(Batch batch, ulong sequence, long storedAt, uint seed) =>
        new(sequence, storedAt, batch.Length, batch.Items, Crc32C.Of(seed, batch.Bytes.Span), batch.Signal);

    /// <summary>Bytes that a request takes in a segment.</summary>
    public static long Footprint(int length) => (Size + (long)length + Alignment - 1) & -Alignment;

    public void Write(Span<byte> bytes, uint seed)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Mark);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], StoredAt);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[24..], Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[28..], Items);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[32..], PayloadSum);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[36..], (byte)Signal);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], Crc32C.Of(seed, bytes[Checked..Size]));
    }

    /// <summary>Reads a header if there is one; what it says is in bounds, but may still be beyond the end of the file.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, uint seed, out RecordHeader header)
    {
        header = default;
        if (bytes.Length < Size || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Mark)
            return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) != Crc32C.Of(seed, bytes[Checked..Size]))
            return false;
        header = new RecordHeader(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[28..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[32..]),
            (Signal)bytes[36]);
        return header.Length is >= 0 and <= MaxLength && header.Items >= 0
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[36..]) < Signals.Count;
    }
}
