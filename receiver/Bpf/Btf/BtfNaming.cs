namespace EbpfReceiver.Bpf;

/// <summary>Writes types the way C does, for messages.</summary>
internal static class BtfNaming
{
    /// <summary>Parameters of a prototype that are written out; the rest is "...".</summary>
    private const int MaxParameters = 16;

    /// <summary>Of a prototype with its parameters; where it is only part of another type without, so that the text keeps short.</summary>
    internal static string Describe(BtfTypes types, uint id)
    {
        var text = Describe(types, id, BtfResolution.MaxDepth);
        return id != 0 && id < types.Count && types[id].Kind == BtfKind.FunctionPrototype
            ? $"{text[..^1]}{Parameters(types, types[id])})"
            : text;
    }

    private static string Parameters(BtfTypes types, BtfType prototype)
    {
        if (prototype.Count == 0)
            return "void";
        var texts = new List<string>();
        for (var i = 0; i < prototype.Count && i < MaxParameters; i++)
        {
            var type = prototype.Parameter(i).TypeId;
            // A last one of type void stands for any number.
            texts.Add(type == 0 && i == prototype.Count - 1 ? "..." : Describe(types, type, BtfResolution.MaxDepth));
        }

        if (prototype.Count > MaxParameters)
            texts.Add("...");
        return string.Join(", ", texts);
    }

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
