using System.Buffers.Binary;
using System.Numerics;

namespace EbpfReceiver.Identity;

/// <summary>
/// SHA-1 (RFC 3174), as UUIDs of version 5 are made of it: a name, no secret. The platform's would load OpenSSL for it, which takes
/// megabytes and ends the process where it is not installed.
/// </summary>
internal static class Sha1
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashSize = 20;

    private const int BlockSize = 64;
    private const int LengthSize = 8;

    /// <summary>Hashes bytes.</summary>
    /// <param name="input">Any number of them.</param>
    /// <param name="hash">Where the <see cref="HashSize"/> bytes go.</param>
    public static void HashData(ReadOnlySpan<byte> input, Span<byte> hash)
    {
        Span<uint> state = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0];
        ReadOnlySpan<byte> rest = input;
        for (; rest.Length >= BlockSize; rest = rest[BlockSize..]) Add(state, rest[..BlockSize]);

        // A one bit, zeros, and the number of bits to the end of a block: the next one where the first has no room.
        Span<byte> end = stackalloc byte[2 * BlockSize];
        end.Clear();
        rest.CopyTo(end);
        end[rest.Length] = 0x80;
        end = end[..(rest.Length < BlockSize - LengthSize ? BlockSize : 2 * BlockSize)];
        BinaryPrimitives.WriteUInt64BigEndian(end[^LengthSize..], (ulong)input.Length * 8);
        for (; end.Length > 0; end = end[BlockSize..]) Add(state, end[..BlockSize]);
        for (int i = 0; i < state.Length; i++) BinaryPrimitives.WriteUInt32BigEndian(hash[(i * sizeof(uint))..], state[i]);
    }

    private static void Add(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[80];
        for (int i = 0; i < 16; i++) words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(i * sizeof(uint))..]);
        for (int i = 16; i < words.Length; i++)
            words[i] = BitOperations.RotateLeft(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
        (uint a, uint b, uint c, uint d, uint e) = (state[0], state[1], state[2], state[3], state[4]);
        for (int i = 0; i < words.Length; i++)
        {
            uint mixed = i switch
            {
                < 20 => ((b & c) | (~b & d)) + 0x5A827999,
                < 40 => (b ^ c ^ d) + 0x6ED9EBA1,
                < 60 => ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC,
                _ => (b ^ c ^ d) + 0xCA62C1D6,
            };
            (a, b, c, d, e) = (BitOperations.RotateLeft(a, 5) + mixed + e + words[i], a, BitOperations.RotateLeft(b, 30), c, d);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
    }
}
