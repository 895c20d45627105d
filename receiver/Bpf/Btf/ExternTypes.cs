using System.Buffers.Binary;

namespace EbpfReceiver.Bpf;

/// <summary>
/// Types of an object without what the kernel refuses in them: declarations of its own symbols (the section .ksyms), which serve the loader
/// only. They become types of the same length, so ids stay.
/// </summary>
internal static class ExternTypes
{
    internal static BtfTypes Without(BtfTypes types)
    {
        if (!types.TryFind(ExternReader.SymbolSection, BtfKind.DataSection, out var section))
            return types;
        var integer = types.Count;
        var image = WithInteger(types);
        var changed = new HashSet<uint>();
        var layout = types[section];
        for (var i = 0; i < layout.Count; i++)
        {
            var declared = types[layout.Variable(i).VariableId];
            // A variable becomes an integer of one byte, a function a type without a name: nothing refers to them any more.
            if (declared.Kind == BtfKind.Variable)
                Rewrite(image, declared, BtfKind.Int, 0, 1, 8);
            else if (declared.Kind == BtfKind.Function)
                Rewrite(image, declared, BtfKind.Const, 0, 0, null);
            else
                continue;
            changed.Add(declared.Id);
        }
        // As long as variables of a section are members of a union: each is an integer at its start.
        Rewrite(image, layout, BtfKind.Union, layout.Count, 4, null);
        for (var i = 0; i < layout.Count; i++)
        {
            var at = layout.Offset + 12 + (i * 12);
            Write(image, at, 0);
            Write(image, at + 4, integer);
            Write(image, at + 8, 0);
        }
        for (var id = 1u; id < types.Count; id++)
        {
            if (types[id] is { Kind: BtfKind.DeclarationTag } tag && changed.Contains(tag.TargetId))
                Rewrite(image, tag, BtfKind.Int, 0, 1, 8);
        }
        return BtfTypes.Parse(image);
    }

    /// <summary>A copy of the image with an anonymous integer of four bytes behind the last type.</summary>
    private static byte[] WithInteger(BtfTypes types)
    {
        const int length = 16;
        var image = types.Image.Span;
        var header = BtfHeader.Read(image);
        var end = header.TypesOffset + header.TypesLength;
        var result = new byte[end + length + header.StringsLength];
        image[..end].CopyTo(result);
        Write(result, end + 4, (uint)BtfKind.Int << 24);
        Write(result, end + 8, 4);
        Write(result, end + 12, 32);
        image.Slice(header.StringsOffset, header.StringsLength).CopyTo(result.AsSpan(end + length));
        var start = BinaryPrimitives.ReadUInt32LittleEndian(image[4..]);
        Write(result, 12, (uint)(header.TypesLength + length));
        Write(result, 16, (uint)(end + length) - start);
        return result;
    }

    private static void Rewrite(byte[] image, BtfType type, BtfKind kind, int count, uint sizeOrType, uint? extra)
    {
        Write(image, type.Offset, 0);
        Write(image, type.Offset + 4, ((uint)kind << 24) | (uint)count);
        Write(image, type.Offset + 8, sizeOrType);
        if (extra is { } word)
            Write(image, type.Offset + 12, word);
    }

    private static void Write(byte[] image, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at), value);
}
