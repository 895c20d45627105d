using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Finds the kernel's type for a type as C writes it.</summary>
internal static class CTypes
{
    /// <summary>What <c>const struct sock *</c> points to; null if the kernel's types do not have it.</summary>
    public static TypeRef? FindPointee(ProbeTarget target, string text)
    {
        string name = Plain(text);
        if (!name.EndsWith('*') || target.Types is null)
            return null;
        string pointee = name[..^1].Trim();
        // char *const *argv: a pointer to pointers.
        return pointee.EndsWith('*')
            ? FindPointee(target, pointee) is { } inner ? PointerTo(inner) : null
            : FindNamed(target, pointee);
    }

    /// <summary>A struct, union, enum, typedef or number; null if the kernel's types have none.</summary>
    public static TypeRef? FindNamed(ProbeTarget target, string text)
    {
        string name = Plain(text);
        return name.Split(' ') switch
        {
            ["struct", var tag] => target.Names.FindType(tag, BtfKind.Struct),
            ["union", var tag] => target.Names.FindType(tag, BtfKind.Union),
            ["enum", var tag] => target.Names.FindType(tag, BtfKind.Enum),
            _ => target.Names.FindType(name, BtfKind.Typedef, BtfKind.Int),
        };
    }

    /// <summary>A pointer type to a type, if the kernel has one; they are found by a walk, so it is kept to what is asked for.</summary>
    public static TypeRef? PointerTo(TypeRef pointee)
    {
        BtfTypes types = pointee.Types;
        uint wanted = types.Resolve(pointee.Id).Id;
        for (uint id = types.FirstId; id < types.Count; id++)
        {
            BtfType type = types[id];
            if (type.Kind == BtfKind.Pointer && types.Resolve(type.TargetId).Id == wanted)
                return new(types, id);
        }

        return null;
    }

    private static string Plain(string text) => string.Join(' ', text.Replace("*", " * ").Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Where(w => w is not ("const" or "volatile" or "__user" or "restrict")));
}
