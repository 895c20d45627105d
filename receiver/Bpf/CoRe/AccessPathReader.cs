namespace EbpfReceiver.Bpf;

/// <summary>Reads the path of a relocation, indices with colons between them, against the types it was compiled with.</summary>
internal static class AccessPathReader
{
    /// <exception cref="BpfFormatException">The path does not fit the types.</exception>
    internal static AccessPath Read(BtfTypes types, CoreRelocation relocation)
    {
        Span<uint> indices = stackalloc uint[AccessPath.MaxSteps];
        indices = indices[..ParseIndices(types.StringAt(relocation.AccessOffset), indices)];
        var path = new AccessPath(types, relocation.TypeId);
        if (relocation.Kind.IsType())
        {
            if (indices.Length != 1 || indices[0] != 0)
                throw new BpfFormatException("A relocation of a whole type has a path to a field.");
        }
        else if (relocation.Kind.IsEnumerator())
        {
            ReadEnumerator(path, indices);
        }
        else
        {
            ReadField(path, indices);
        }
        return path;
    }

    private static int ParseIndices(ReadOnlySpan<byte> text, Span<uint> indices)
    {
        var count = 0;
        foreach (var range in text.Split((byte)':'))
        {
            if (count == indices.Length)
                throw new BpfFormatException($"The path of a relocation has more than {indices.Length} steps.");
            if (!uint.TryParse(text[range], System.Globalization.NumberStyles.None, null, out indices[count++]))
                throw new BpfFormatException("The path of a relocation is not made of numbers.");
        }
        return count;
    }

    private static void ReadEnumerator(AccessPath path, ReadOnlySpan<uint> indices)
    {
        var type = path.Types.Resolve(path.RootTypeId);
        if (!type.IsEnum || indices.Length != 1 || indices[0] >= (uint)type.Count)
        {
            throw new BpfFormatException(
                $"A relocation refers to an enumerator that {path.Types.Describe(path.RootTypeId)} does not have.");
        }
        path.Add(new(type.Id, indices[0], IsNamed: true));
    }

    private static void ReadField(AccessPath path, ReadOnlySpan<uint> indices)
    {
        var types = path.Types;
        var type = types.Resolve(path.RootTypeId);
        // The first index is that of a pointer: p[0].field.
        path.Add(new(type.Id, indices[0], IsNamed: false));
        path.Move(ElementBits(types, type.Id, indices[0]));
        for (var i = 1; i < indices.Length; i++)
        {
            var index = indices[i];
            if (type.IsComposite)
            {
                if (index >= (uint)type.Count)
                {
                    throw new BpfFormatException(
                        $"A relocation refers to member {index} of {types.Describe(type.Id)}, which has {type.Count}.");
                }
                var member = type.Member((int)index);
                path.Move(member.BitOffset);
                if (!member.NameUtf8.IsEmpty)
                    path.Add(new(type.Id, index, IsNamed: true));
                type = types.Resolve(member.TypeId);
            }
            else if (type.Kind == BtfKind.Array)
            {
                var array = type.Array;
                if (index >= array.Count && !path.IsFlexible(array))
                    throw new BpfFormatException($"A relocation refers to element {index} of an array of {array.Count}.");
                type = types.Resolve(array.ElementTypeId);
                path.Add(new(type.Id, index, IsNamed: false));
                path.Move(ElementBits(types, type.Id, index));
            }
            else
            {
                throw new BpfFormatException($"A relocation goes into {types.Describe(type.Id)}, which has no members.");
            }
        }
    }

    internal static long ElementBits(BtfTypes types, uint elementTypeId, uint index)
    {
        // Nothing is multiplied for p[0], which may point to a type without a size.
        if (index == 0)
            return 0;
        var bits = (long)index * types.SizeOf(elementTypeId) * 8;
        return bits is >= 0 and <= int.MaxValue
            ? bits
            : throw new BpfFormatException($"A relocation refers to element {index}, which is further away than any field.");
    }
}
