using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>A type of a kernel or module.</summary>
/// <param name="Types">Where it is.</param>
/// <param name="Id">Its id there.</param>
internal readonly record struct TypeRef(BtfTypes Types, uint Id)
{
    /// <summary>The type behind typedefs and modifiers.</summary>
    public BtfType Resolved => Types.Resolve(Id);

    /// <summary>As C writes it.</summary>
    public string Name => Types is null ? "an unknown type" : Types.Describe(Id);

    public TypeRef To(uint id) => new(Types, id);

    /// <summary>Whether one of the typedefs on the way to the type proper has a name.</summary>
    public bool IsTypedef(params ReadOnlySpan<string> names)
    {
        uint id = Id;
        for (int i = 0; i < 16; i++)
        {
            BtfType type = Types[id];
            if (!type.IsModifier)
                return false;
            if (type.Kind == BtfKind.Typedef && names.Contains(type.Name))
                return true;
            id = type.TargetId;
        }

        return false;
    }

    /// <summary>Whether a type tag (user, percpu, rcu) is on the way to the type proper.</summary>
    public bool HasTag(string tag)
    {
        uint id = Id;
        for (int i = 0; i < 16; i++)
        {
            BtfType type = Types[id];
            if (!type.IsModifier)
                return false;
            if (type.Kind == BtfKind.TypeTag && type.Name == tag)
                return true;
            id = type.TargetId;
        }

        return false;
    }

    /// <summary>What a pointer points to; null if it is no pointer.</summary>
    public TypeRef? Pointee => Resolved is { Kind: BtfKind.Pointer } pointer ? To(pointer.TargetId) : null;

    /// <summary>The struct or union itself; a declaration is completed by name. Null if it is neither.</summary>
    public TypeRef? Composite
    {
        get
        {
            BtfType type = Resolved;
            if (type.IsComposite)
                return To(type.Id);
            if (type.Kind == BtfKind.Forward && Types.TryFind(type.Name, type.KindFlag ? BtfKind.Union : BtfKind.Struct, out uint id))
                return To(id);
            return null;
        }
    }

    /// <summary>Whether it is a char, of any sign.</summary>
    public bool IsChar => Resolved is { Kind: BtfKind.Int, Size: 1 } type && !type.Integer.IsBool && !IsTypedef("u8", "__u8", "s8", "__s8", "uint8_t");
}
