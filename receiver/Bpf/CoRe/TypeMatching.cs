namespace EbpfReceiver.Bpf;

/// <summary>
/// Whether a type of the kernel has all that the object knows of it: each member and enumerator by name, integers of the same
/// size and sign, arrays of the same length. Behind a pointer, a struct's name is enough.
/// </summary>
internal sealed class TypeMatching(BtfTypes local, BtfTypes target, MatchBudget budget)
{
    internal bool Matches(uint localId, uint targetId) => Matches(localId, targetId, behindPointer: false, BtfResolution.MaxDepth);

    private bool Matches(uint localId, uint targetId, bool behindPointer, int depth)
    {
        for (; depth > 0; depth--)
        {
            budget.Take();
            var a = local.Resolve(localId);
            var b = target.Resolve(targetId);
            if (!NamesMatch(a.NameUtf8, b.NameUtf8))
                return false;
            switch (a.Kind)
            {
                case BtfKind.Void:
                    return b.Kind == BtfKind.Void;
                case BtfKind.Forward:
                    return ForwardMatches(a, b, behindPointer);
                case BtfKind.Enum or BtfKind.Enum64:
                    return b.IsEnum && EnumeratorsMatch(a, b);
                case BtfKind.Struct or BtfKind.Union when behindPointer:
                    return a.Kind == b.Kind || (b.Kind == BtfKind.Forward && b.KindFlag == (a.Kind == BtfKind.Union));
                case BtfKind.Struct or BtfKind.Union:
                    return a.Kind == b.Kind && MembersMatch(a, b, depth - 1);
                case BtfKind.Int:
                    return b.Kind == BtfKind.Int && a.Size == b.Size && a.Integer.IsSigned == b.Integer.IsSigned;
                case BtfKind.Pointer:
                    if (b.Kind != BtfKind.Pointer)
                        return false;
                    behindPointer = true;
                    localId = a.TargetId;
                    targetId = b.TargetId;
                    break;
                case BtfKind.Array:
                    if (b.Kind != BtfKind.Array || a.Array.Count != b.Array.Count)
                        return false;
                    localId = a.Array.ElementTypeId;
                    targetId = b.Array.ElementTypeId;
                    break;
                case BtfKind.FunctionPrototype:
                    if (b.Kind != BtfKind.FunctionPrototype || a.Count != b.Count)
                        return false;
                    for (var i = 0; i < a.Count; i++)
                    {
                        if (!Matches(a.Parameter(i).TypeId, b.Parameter(i).TypeId, behindPointer, depth - 1))
                            return false;
                    }
                    localId = a.TargetId;
                    targetId = b.TargetId;
                    break;
                default:
                    return false;
            }
        }
        throw new BpfFormatException($"Two types to be compared are nested more than {BtfResolution.MaxDepth} deep.");
    }

    private static bool ForwardMatches(BtfType a, BtfType b, bool behindPointer)
    {
        if (a.Kind == b.Kind)
            return a.KindFlag == b.KindFlag;
        return behindPointer && b.Kind == (a.KindFlag ? BtfKind.Union : BtfKind.Struct);
    }

    private bool MembersMatch(BtfType a, BtfType b, int depth)
    {
        if (a.Count > b.Count)
            return false;
        for (var i = 0; i < a.Count; i++)
        {
            var wanted = a.Member(i);
            var found = false;
            for (var j = 0; j < b.Count && !found; j++)
            {
                budget.Take();
                var member = b.Member(j);
                found = NamesMatch(wanted.NameUtf8, member.NameUtf8) && Matches(wanted.TypeId, member.TypeId, behindPointer: false, depth);
            }
            if (!found)
                return false;
        }
        return true;
    }

    private bool EnumeratorsMatch(BtfType a, BtfType b)
    {
        if (a.Size != b.Size || a.Count > b.Count)
            return false;
        for (var i = 0; i < a.Count; i++)
        {
            var wanted = a.Enumerator(i).NameUtf8;
            var found = false;
            for (var j = 0; j < b.Count && !found; j++)
            {
                budget.Take();
                found = NamesMatch(wanted, b.Enumerator(j).NameUtf8);
            }
            if (!found)
                return false;
        }
        return true;
    }

    private static bool NamesMatch(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => EssentialName.Of(a).SequenceEqual(EssentialName.Of(b));
}
