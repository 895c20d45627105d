using System.Buffers.Binary;

namespace EbpfReceiver.Bpf;

/// <summary>Goes once over the types of an image, to learn where each begins and that all its bytes are there.</summary>
internal static class BtfWalk
{
    internal static int[] Offsets(ReadOnlySpan<byte> image, in BtfHeader header)
    {
        // Kernels have about 30 bytes a type; the array is cut to size at the end.
        var offsets = new int[(header.TypesLength / 24) + 1];
        var count = 0;
        var types = image.Slice(header.TypesOffset, header.TypesLength);
        var at = 0;
        while (at < types.Length)
        {
            if (types.Length - at < 12)
                throw new BpfFormatException($"BTF type {count + 1} is cut off at the end of the types.");
            var info = BinaryPrimitives.ReadUInt32LittleEndian(types[(at + 4)..]);
            var length = 12 + ExtraLength(info);
            if (length < 12)
                throw new BpfFormatException($"BTF type {count + 1} has the unknown kind {(info >> 24) & 0x1f}.");
            if (length > types.Length - at)
                throw new BpfFormatException($"BTF type {count + 1} is cut off at the end of the types.");
            if (count == offsets.Length)
                Array.Resize(ref offsets, count * 2);
            offsets[count++] = header.TypesOffset + at;
            at += length;
        }
        Array.Resize(ref offsets, count);
        return offsets;
    }

    /// <summary>Bytes that follow the common part of a type; negative for an unknown kind.</summary>
    internal static int ExtraLength(uint info)
    {
        var count = (int)(info & 0xffff);
        return (BtfKind)((info >> 24) & 0x1f) switch
        {
            BtfKind.Int or BtfKind.Variable or BtfKind.DeclarationTag => 4,
            BtfKind.Array => 12,
            BtfKind.Struct or BtfKind.Union or BtfKind.DataSection or BtfKind.Enum64 => count * 12,
            BtfKind.Enum or BtfKind.FunctionPrototype => count * 8,
            BtfKind.Pointer or BtfKind.Forward or BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict
                or BtfKind.Function or BtfKind.Float or BtfKind.TypeTag => 0,
            _ => -13,
        };
    }
}
