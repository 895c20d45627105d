using System.Buffers.Binary;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Sequence numbers in a row. In a file of acknowledgements: first (8), count (4), CRC-32C of the 12 bytes before (4), little-endian.
/// </summary>
/// <param name="First">The first one.</param>
/// <param name="End">The one after the last.</param>
internal readonly record struct SequenceRange(ulong First, ulong End)
{
    public const int Size = 16;

    public void Write(Span<byte> bytes, uint seed)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, First);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], (uint)(End - First));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], Crc32C.Of(seed, bytes[..12]));
    }

    /// <summary>Reads a range that is whole and not empty.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, uint seed, out SequenceRange range)
    {
        range = default;
        if (bytes.Length < Size || BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) != Crc32C.Of(seed, bytes[..12]))
            return false;
        ulong first = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        range = new SequenceRange(first, unchecked(first + count));
        return range.End > range.First;
    }
}
