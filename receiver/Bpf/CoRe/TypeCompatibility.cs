namespace EbpfReceiver.Bpf;

/// <summary>
/// Whether a type of the kernel can stand for one of the object: loosely, since sizes, members and signs may differ between
/// kernels and are what relocation is for.
/// </summary>
internal sealed class TypeCompatibility(BtfTypes local, BtfTypes target, MatchBudget budget)
{
    /// <summary>True if both are of one kind; enums of either width are.</summary>
    internal static bool SameKind(BtfType a, BtfType b) => a.Kind == b.Kind || (a.IsEnum && b.IsEnum);

    /// <summary>Rules for the type of a field.</summary>
    internal bool AreFieldsCompatible(uint localId, uint targetId)
    {
        for (var depth = 0; depth <= BtfResolution.MaxDepth; depth++)
        {
            budget.Take();
            var a = local.Resolve(localId);
            var b = target.Resolve(targetId);
            if (a.IsComposite && b.IsComposite)
                return true;
            if (!SameKind(a, b))
                return false;
            switch (a.Kind)
            {
                case BtfKind.Pointer or BtfKind.Float:
                    return true;
                case BtfKind.Forward or BtfKind.Enum or BtfKind.Enum64:
                    // One of them without a name, or both with the same.
                    var name = EssentialName.Of(a.NameUtf8);
                    var targetName = EssentialName.Of(b.NameUtf8);
                    return name.IsEmpty || targetName.IsEmpty || name.SequenceEqual(targetName);
                case BtfKind.Int:
                    // Integers may change size and sign; those that are part of another are bit fields of old compilers.
                    return a.Integer.BitOffset == 0 && b.Integer.BitOffset == 0;
                case BtfKind.Array:
                    localId = a.Array.ElementTypeId;
                    targetId = b.Array.ElementTypeId;
                    break;
                default:
                    return false;
            }
        }
        throw TooDeep();
    }

    /// <summary>Rules for a whole type: its existence, size and id.</summary>
    internal bool AreCompatible(uint localId, uint targetId) =>
        // A typedef is only compatible with a typedef, though further in they are passed over.
        SameKind(local[localId], target[targetId]) && AreCompatible(localId, targetId, BtfResolution.MaxDepth);

    private bool AreCompatible(uint localId, uint targetId, int depth)
    {
        for (; depth > 0; depth--)
        {
            budget.Take();
            var a = local.Resolve(localId);
            var b = target.Resolve(targetId);
            if (!SameKind(a, b))
                return false;
            switch (a.Kind)
            {
                case BtfKind.Void or BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Forward:
                    return true;
                case BtfKind.Int:
                    return a.Integer.BitOffset == 0 && b.Integer.BitOffset == 0;
                case BtfKind.Pointer:
                    localId = a.TargetId;
                    targetId = b.TargetId;
                    break;
                case BtfKind.Array:
                    localId = a.Array.ElementTypeId;
                    targetId = b.Array.ElementTypeId;
                    break;
                case BtfKind.FunctionPrototype:
                    if (a.Count != b.Count)
                        return false;
                    for (var i = 0; i < a.Count; i++)
                    {
                        if (!AreCompatible(a.Parameter(i).TypeId, b.Parameter(i).TypeId, depth - 1))
                            return false;
                    }
                    localId = a.TargetId;
                    targetId = b.TargetId;
                    break;
                default:
                    return false;
            }
        }
        throw TooDeep();
    }

    private static BpfFormatException TooDeep() => new($"Two types to be compared are nested more than {BtfResolution.MaxDepth} deep.");
}
