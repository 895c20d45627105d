using System.Buffers.Binary;
using System.Numerics;

namespace EbpfReceiver.Otlp;

/// <summary>CRC-32C (RFC 3720, appendix B.4), by the instruction of the processor where it has one.</summary>
internal static class Crc32C
{
    /// <param name="seed">
    /// Changes all sums. Each segment has a random one: what looks like a record inside a payload does not pass for a record.
    /// </param>
    /// <param name="bytes">What is summed.</param>
    public static uint Of(uint seed, ReadOnlySpan<byte> bytes)
    {
        uint sum = ~seed;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte b in bytes)
            sum = BitOperations.Crc32C(sum, b);
        return ~sum;
    }
}
