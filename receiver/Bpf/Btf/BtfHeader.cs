using System.Buffers.Binary;

namespace EbpfReceiver.Bpf;

/// <summary>Where the parts of a BTF image are; checked to lie inside it.</summary>
/// <remarks>Source: struct btf_header, include/uapi/linux/btf.h.</remarks>
internal readonly record struct BtfHeader(int TypesOffset, int TypesLength, int StringsOffset, int StringsLength)
{
    private const ushort Magic = 0xeb9f;
    private const int MinimumLength = 24;

    /// <summary>True if the image was written on a big-endian machine.</summary>
    internal static bool IsBigEndian(ReadOnlySpan<byte> image) =>
        image.Length >= 2 && BinaryPrimitives.ReadUInt16BigEndian(image) == Magic;

    internal static BtfHeader Read(ReadOnlySpan<byte> image)
    {
        if (image.Length < MinimumLength)
            throw new BpfFormatException($"BTF of {image.Length} bytes is shorter than its header of {MinimumLength}.");
        var magic = BinaryPrimitives.ReadUInt16LittleEndian(image);
        if (magic != Magic)
            throw new BpfFormatException($"BTF begins with 0x{magic:x4} instead of 0x{Magic:x4}.");
        if (image[2] != 1)
            throw new BpfFormatException($"BTF has version {image[2]}; only version 1 is known.");

        var length = BinaryPrimitives.ReadUInt32LittleEndian(image[4..]);
        if (length < MinimumLength || length > image.Length)
            throw new BpfFormatException($"BTF says its header has {length} bytes, of {image.Length}.");
        var types = Part(image, length, 8, "types");
        var strings = Part(image, length, 16, "strings");
        if (strings.Length > 0 && image[strings.Offset + strings.Length - 1] != 0)
            throw new BpfFormatException("The strings of the BTF do not end with a zero byte.");
        return new(types.Offset, types.Length, strings.Offset, strings.Length);
    }

    private static (int Offset, int Length) Part(ReadOnlySpan<byte> image, uint header, int at, string what)
    {
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(image[at..]);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(image[(at + 4)..]);
        if ((ulong)header + offset + length > (ulong)image.Length)
            throw new BpfFormatException($"The {what} of the BTF lie outside of it: offset {offset}, length {length}, of {image.Length}.");
        return ((int)(header + offset), (int)length);
    }
}
