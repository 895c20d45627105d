using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Values of BTF types as they are in registers, arguments and memory.</summary>
internal static class ContextValues
{
    /// <summary>An argument or result of a function in a slot of 8 bytes.</summary>
    public static Operand Slot(int offset, TypeRef type, MemoryAccess space, bool trusted)
    {
        BtfType resolved = type.Resolved;
        if (resolved.Kind == BtfKind.Pointer)
        {
            // Only pointers to structs are typed to the verifier; the others are numbers to it. Tagged memory is not read directly.
            bool isTrusted = trusted && IsVerifiable(type);
            return new ValueOperand(new ContextRead(offset, 8, ProbeType.U64, isTrusted))
            {
                Type = type,
                Space = SpaceOf(type, space),
                IsTrusted = isTrusted,
            };
        }

        ProbeType scalar = ScalarOf(type) ?? ProbeType.U64;
        return Finished(new ContextRead(offset, 8, scalar), type, "");
    }

    /// <summary>The type of a number, enum or bool; null for what is none.</summary>
    public static ProbeType? ScalarOf(TypeRef type)
    {
        BtfType resolved = type.Resolved;
        return resolved.Kind switch
        {
            BtfKind.Pointer => ProbeType.U64,
            BtfKind.Int when resolved.Integer.IsBool => ProbeType.Boolean,
            BtfKind.Int when resolved.Size is 1 or 2 or 4 or 8 => ProbeType.Integer((int)resolved.Size, resolved.Integer.IsSigned),
            BtfKind.Enum or BtfKind.Enum64 when resolved.Size is 1 or 2 or 4 or 8 => ProbeType.Integer((int)resolved.Size, IsSignedEnum(resolved)),
            _ => null,
        };
    }

    /// <summary>A loaded number with what its type says of it.</summary>
    public static ValueOperand Finished(TypedExpression expression, TypeRef type, string fieldName)
    {
        bool isNetwork = type.IsTypedef("__be16", "__be32", "__be64");
        bool isAddress = isNetwork && expression.Type.Size == 4 && expression.Type.Kind == ValueKind.Integer && LooksLikeAddress(fieldName);
        return new(isAddress ? new CastExpression(expression, ProbeType.Ip4) : expression)
        {
            Type = type,
            IsNetworkOrder = isNetwork && !isAddress,
            IsTime = type.IsTypedef("ktime_t"),
        };
    }

    /// <summary>Whether a field's name says that it is an IP address and not another number in network order.</summary>
    public static bool LooksLikeAddress(string name) =>
        name.Contains("addr", StringComparison.Ordinal) || name is "s_addr" or "ip" or "src" or "dst" or "daddr" or "saddr";

    /// <summary>How memory behind a pointer is read, which a tag of its type may say.</summary>
    public static MemoryAccess SpaceOf(TypeRef pointer, MemoryAccess otherwise) =>
        pointer.Pointee is { } pointee && pointee.HasTag("user") ? MemoryAccess.User : otherwise;

    /// <summary>Whether the verifier gives a pointer a type that may be read through.</summary>
    public static bool IsVerifiable(TypeRef pointer) =>
        pointer.Pointee is { } pointee && pointee.Resolved.IsComposite && !pointee.HasTag("user") && !pointee.HasTag("percpu");

    private static bool IsSignedEnum(BtfType type)
    {
        if (type.KindFlag)
            return true;
        for (int i = 0; i < type.Count && type.Kind == BtfKind.Enum; i++)
        {
            // Before the kind flag meant signed, all enums looked unsigned.
            if (type.Enumerator(i).Value is < 0 and > -4096)
                return true;
        }

        return false;
    }
}
