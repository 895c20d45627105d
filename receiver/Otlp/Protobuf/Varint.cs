using System.Numerics;
using System.Runtime.CompilerServices;

namespace EbpfReceiver.Otlp;

/// <summary>Base-128 integers of the protobuf wire format.</summary>
internal static class Varint
{
    public const int MaxBytes = 10;

    /// <summary>Bytes of a length that is reserved before the content is known: up to 2^28 - 1.</summary>
    public const int PaddedLengthBytes = 4;

    /// <summary>Bytes the value takes: one for every seven bits begun.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Size(uint value) => (BitOperations.Log2(value | 1) * 9 + 73) >> 6;

    /// <inheritdoc cref="Size(uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Size(ulong value) => (BitOperations.Log2(value | 1) * 9 + 73) >> 6;

    /// <summary>Bytes of a length-delimited field with a one-byte tag: tag, length and content.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FieldSize(int length) => 1 + Size((uint)length) + length;

    /// <summary>Writes the value and returns the position after it; there must be room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(Span<byte> destination, int position, ulong value)
    {
        while (value >= 0x80)
        {
            destination[position++] = (byte)(value | 0x80);
            value >>= 7;
        }
        destination[position++] = (byte)value;
        return position;
    }

    /// <summary>Writes a length over four bytes that were reserved for it; trailing groups are zero, which parsers accept.</summary>
    public static void WritePadded(Span<byte> destination, int value)
    {
        destination[0] = (byte)(value | 0x80);
        destination[1] = (byte)((value >> 7) | 0x80);
        destination[2] = (byte)((value >> 14) | 0x80);
        destination[3] = (byte)((value >> 21) & 0x7f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ZigZag(int value) => (uint)((value << 1) ^ (value >> 31));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int UnZigZag(ulong value) => (int)((uint)value >> 1) ^ -(int)(value & 1);
}
