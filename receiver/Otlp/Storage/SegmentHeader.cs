using System.Buffers.Binary;

namespace EbpfReceiver.Otlp;

/// <summary>
/// The first bytes of a segment, and again those of its file of acknowledgements: what is needed to read a record survives damage to
/// either. Little-endian: magic (8), version (4), seed (4), first sequence (8), zero (4), CRC-32C of the 28 bytes before (4).
/// </summary>
/// <param name="Seed">Seeds the sums of all records of the segment.</param>
/// <param name="First">The sequence number of its first record.</param>
internal readonly record struct SegmentHeader(uint Seed, ulong First)
{
    public const int Size = 32;

    /// <summary>The only version so far.</summary>
    public const uint CurrentVersion = 1;

    /// <summary>Of a file of records.</summary>
    public static ReadOnlySpan<byte> RecordsMagic => "EBRQUEUE"u8;

    /// <summary>Of a file of acknowledgements.</summary>
    public static ReadOnlySpan<byte> AcknowledgementsMagic => "EBRQACKS"u8;

    public void Write(Span<byte> bytes, ReadOnlySpan<byte> magic)
    {
        magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], CurrentVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], Seed);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], First);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[28..], Crc32C.Of(0, bytes[..28]));
    }

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">The beginning of the file.</param>
    /// <param name="magic">Which of the two files it has to be.</param>
    /// <param name="header">What it says.</param>
    /// <param name="version">The version of the file if it is whole; else 0.</param>
    /// <returns>Whether the file is whole and of a version that can be read.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> magic, out SegmentHeader header, out uint version)
    {
        header = default;
        version = 0;
        if (bytes.Length < Size || !bytes.StartsWith(magic) ||
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]) != Crc32C.Of(0, bytes[..28]))
            return false;
        version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        header = new SegmentHeader(
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
        return version == CurrentVersion;
    }
}
