namespace EbpfReceiver.Bpf;

/// <summary>Writes types the way C does, for messages.</summary>
internal static class BtfNaming
{
    internal static string Describe(BtfTypes types, uint id) => Describe(types, id, BtfResolution.MaxDepth);

    private static string Describe(BtfTypes types, uint id, int depth)
    {
        if (id == 0)
            return "void";
        if (id >= types.Count)
            return $"type {id} (not there)";
        if (depth == 0)
            return "...";
        var type = types[id];
        return type.Kind switch
        {
            BtfKind.Struct => "struct " + NameOf(type),
            BtfKind.Union => "union " + NameOf(type),
            BtfKind.Enum or BtfKind.Enum64 => "enum " + NameOf(type),
            BtfKind.Forward => (type.KindFlag ? "union " : "struct ") + NameOf(type),
            BtfKind.Pointer => Describe(types, type.TargetId, depth - 1) + " *",
            BtfKind.Array => $"{Describe(types, type.Array.ElementTypeId, depth - 1)}[{type.Array.Count}]",
            BtfKind.Const => "const " + Describe(types, type.TargetId, depth - 1),
            BtfKind.Volatile => "volatile " + Describe(types, type.TargetId, depth - 1),
            BtfKind.Restrict => "restrict " + Describe(types, type.TargetId, depth - 1),
            BtfKind.TypeTag => Describe(types, type.TargetId, depth - 1),
            BtfKind.FunctionPrototype => Describe(types, type.TargetId, depth - 1) + " ()",
            BtfKind.Function => NameOf(type) + "()",
            _ => NameOf(type),
        };
    }

    private static string NameOf(BtfType type) => type.NameUtf8.IsEmpty ? "(anonymous)" : type.Name;
}
