namespace EbpfReceiver.Bpf;

/// <summary>Follows references between types, with a bound on how far: a hostile image can make them go round.</summary>
internal static class BtfResolution
{
    /// <summary>Longest chain of typedefs, modifiers and arrays that is followed. The kernel's verifier has the same limit.</summary>
    internal const int MaxDepth = 32;

    internal static BtfType Resolve(BtfTypes types, uint id)
    {
        var type = types[id];
        for (var depth = 0; type.IsModifier; depth++)
        {
            if (depth == MaxDepth)
                throw new BpfFormatException($"BTF type {id} is behind more than {MaxDepth} typedefs and modifiers.");
            type = types[type.TargetId];
        }
        return type;
    }

    internal static uint SizeOf(BtfTypes types, uint id)
    {
        ulong elements = 1;
        var type = types[id];
        for (var depth = 0; depth <= MaxDepth; depth++)
        {
            switch (type.Kind)
            {
                case BtfKind.Int or BtfKind.Float or BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64
                    or BtfKind.DataSection:
                    return Times(id, elements, type.Size);
                case BtfKind.Pointer:
                    return Times(id, elements, 8);
                case BtfKind.Array:
                    var array = type.Array;
                    elements = Times(id, elements, array.Count);
                    type = types[array.ElementTypeId];
                    break;
                case BtfKind.Variable or BtfKind.DeclarationTag:
                    type = types[type.TargetId];
                    break;
                default:
                    if (!type.IsModifier)
                        throw new BpfFormatException($"BTF type {id} has no size: it is or contains a {type.Kind}.");
                    type = types[type.TargetId];
                    break;
            }
        }
        throw new BpfFormatException($"BTF type {id} is behind more than {MaxDepth} typedefs, modifiers and arrays.");
    }

    /// <summary>Bytes that the address of a value is a multiple of: 1, 2, 4 or 8. A struct without a size of its own has 1.</summary>
    internal static uint AlignmentOf(BtfTypes types, uint id) => AlignmentOf(types, id, MaxDepth);

    private static uint AlignmentOf(BtfTypes types, uint id, int depth)
    {
        if (depth == 0)
            return 1;
        var type = Resolve(types, id);
        switch (type.Kind)
        {
            case BtfKind.Int or BtfKind.Float or BtfKind.Enum or BtfKind.Enum64:
                return type.Size is 2 or 4 or 8 ? type.Size : type.Size > 8 ? 8u : 1;
            case BtfKind.Pointer:
                return 8;
            case BtfKind.Array:
                return AlignmentOf(types, type.Array.ElementTypeId, depth - 1);
            case BtfKind.Struct or BtfKind.Union:
                var most = 1u;
                // Such variables do not occur in practice, so not all members of all members are looked at.
                for (var i = 0; i < type.Count && depth > MaxDepth - 3; i++)
                    most = Math.Max(most, AlignmentOf(types, type.Member(i).TypeId, depth - 1));
                return most;
            default:
                return 1;
        }
    }

    private static uint Times(uint id, ulong count, uint size)
    {
        var product = count * size;
        return product <= int.MaxValue
            ? (uint)product
            : throw new BpfFormatException($"BTF type {id} takes more than {int.MaxValue} bytes.");
    }
}
