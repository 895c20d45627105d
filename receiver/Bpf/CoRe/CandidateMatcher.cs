namespace EbpfReceiver.Bpf;

/// <summary>
/// Follows a path of the object's types in a type of the kernel: by the names of members, wherever they have moved, and by the
/// same indices of arrays.
/// </summary>
internal sealed class CandidateMatcher(BtfTypes local, BtfTypes target, MatchBudget budget)
{
    /// <summary>The same path in the kernel's type; null if the type does not have it.</summary>
    internal AccessPath? Match(AccessPath localPath, uint candidate, CoreRelocationKind kind)
    {
        var path = new AccessPath(target, candidate);
        if (kind.IsType())
        {
            var fits = kind == CoreRelocationKind.TypeMatches
                ? new TypeMatching(local, target, budget).Matches(localPath.RootTypeId, candidate)
                : new TypeCompatibility(local, target, budget).AreCompatible(localPath.RootTypeId, candidate);
            return fits ? path : null;
        }
        return (kind.IsEnumerator() ? MatchEnumerator(localPath, path) : MatchField(localPath, path)) ? path : null;
    }

    private bool MatchEnumerator(AccessPath localPath, AccessPath path)
    {
        var type = target.Resolve(path.RootTypeId);
        if (!type.IsEnum)
            return false;
        var wanted = EssentialName.Of(local[localPath.Last.TypeId].Enumerator((int)localPath.Last.Index).NameUtf8);
        for (var i = 0; i < type.Count; i++)
        {
            budget.Take();
            if (EssentialName.Of(type.Enumerator(i).NameUtf8).SequenceEqual(wanted))
            {
                path.Add(new(type.Id, (uint)i, IsNamed: true));
                return true;
            }
        }
        return false;
    }

    private bool MatchField(AccessPath localPath, AccessPath path)
    {
        var type = target.Resolve(path.RootTypeId);
        for (var i = 0; i < localPath.Steps.Count; i++)
        {
            var step = localPath.Steps[i];
            if (step.IsNamed)
            {
                if (MatchMember(step, type, path, BtfResolution.MaxDepth) is not { } memberType)
                    return false;
                type = target.Resolve(memberType);
                continue;
            }
            // The root stands for an element already: the path begins with p[i].
            if (i > 0)
            {
                if (type.Kind != BtfKind.Array)
                    return false;
                var array = type.Array;
                if (step.Index >= array.Count && !path.IsFlexible(array))
                    return false;
                type = target.Resolve(array.ElementTypeId);
            }
            path.Add(new(type.Id, step.Index, IsNamed: false));
            path.Move(AccessPathReader.ElementBits(target, type.Id, step.Index));
        }
        return true;
    }

    /// <summary>Finds a member by name, in anonymous structs and unions too; gives its type, or null.</summary>
    private uint? MatchMember(AccessStep step, BtfType type, AccessPath path, int depth)
    {
        if (!type.IsComposite)
            return null;
        if (depth == 0)
        {
            throw new BpfFormatException(
                $"{target.Describe(path.RootTypeId)} has anonymous members more than {BtfResolution.MaxDepth} deep.");
        }
        var localMember = local[step.TypeId].Member((int)step.Index);
        var wanted = localMember.NameUtf8;
        for (var i = 0; i < type.Count; i++)
        {
            budget.Take();
            var member = type.Member(i);
            var name = member.NameUtf8;
            if (name.IsEmpty)
            {
                path.Move(member.BitOffset);
                if (MatchMember(step, target.Resolve(member.TypeId), path, depth - 1) is { } found)
                    return found;
                path.Move(-(long)member.BitOffset);
            }
            else if (name.SequenceEqual(wanted))
            {
                // A field of that name but of another kind: this is not the type that was meant.
                if (!new TypeCompatibility(local, target, budget).AreFieldsCompatible(localMember.TypeId, member.TypeId))
                    return null;
                path.Add(new(type.Id, (uint)i, IsNamed: true));
                path.Move(member.BitOffset);
                return member.TypeId;
            }
        }
        return null;
    }
}
