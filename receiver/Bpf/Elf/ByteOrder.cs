using System.Buffers.Binary;

namespace EbpfReceiver.Bpf;

/// <summary>Turns what a big-endian compiler wrote into the order of bytes that all else here reads.</summary>
internal static class ByteOrder
{
    /// <summary>Instructions: the halves of the byte with the registers change places as well.</summary>
    internal static byte[] OfInstructions(ReadOnlySpan<byte> code)
    {
        var result = code.ToArray();
        for (var at = 0; at + InstructionView.Size <= result.Length; at += InstructionView.Size)
        {
            result[at + 1] = (byte)((result[at + 1] << 4) | (result[at + 1] >> 4));
            result.AsSpan(at + 2, 2).Reverse();
            result.AsSpan(at + 4, 4).Reverse();
        }
        return result;
    }

    /// <summary>An image of types: a header, types of 32-bit words, and strings, which stay.</summary>
    /// <exception cref="BpfFormatException">The header is malformed.</exception>
    internal static byte[] OfTypes(ReadOnlySpan<byte> image)
    {
        var (result, header) = WithHeader(image);
        var types = Part(result, header, 8);
        var at = 0;
        while (types.Length - at >= 12)
        {
            Words(types.Slice(at, 12));
            var length = BtfWalk.ExtraLength(BinaryPrimitives.ReadUInt32LittleEndian(types[(at + 4)..]));
            at += 12;
            // What is cut off or unknown is found again, and reported, when the types are read.
            if (length < 0 || length > types.Length - at)
                break;
            Words(types.Slice(at, length));
            at += length;
        }
        return result;
    }

    /// <summary>The section .BTF.ext, all of which are 32-bit words behind the first four bytes.</summary>
    /// <exception cref="BpfFormatException">The header is malformed.</exception>
    internal static byte[] OfExtension(ReadOnlySpan<byte> image)
    {
        var (result, header) = WithHeader(image);
        Words(result.AsSpan((int)header));
        return result;
    }

    private static (byte[] Image, uint Header) WithHeader(ReadOnlySpan<byte> image)
    {
        var length = image.Length < 24 ? 0 : BinaryPrimitives.ReadUInt32BigEndian(image[4..]);
        if (length < 24 || length > image.Length)
            throw new BpfFormatException($"Big-endian BTF says its header has {length} bytes, of {image.Length}.");
        var result = image.ToArray();
        result.AsSpan(0, 2).Reverse();
        Words(result.AsSpan(4, (int)length - 4));
        return (result, length);
    }

    private static Span<byte> Part(byte[] image, uint header, int at)
    {
        var start = (ulong)header + BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(at));
        var length = BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(at + 4));
        return start + length <= (ulong)image.Length ? image.AsSpan((int)start, (int)length) : default;
    }

    private static void Words(Span<byte> bytes)
    {
        for (; bytes.Length >= 4; bytes = bytes[4..])
            bytes[..4].Reverse();
    }
}
