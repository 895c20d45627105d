namespace EbpfReceiver.Bpf;

/// <summary>
/// Finds what a relocation is about in the types of a kernel. All types of the same name (flavours put aside) are candidates;
/// those that do not have the path drop out; those that are left must agree.
/// </summary>
internal sealed class CoreSolver(BtfTypes local, BtfTypes? kernel, IReadOnlyList<ModuleTypes>? modules, bool isBigEndian)
{
    private readonly MatchBudget _budget = new();
    private readonly Dictionary<uint, List<(BtfTypes Types, uint Id)>> _candidates = [];

    /// <exception cref="BpfFormatException">The relocation does not fit the object's types, or a type is malformed.</exception>
    internal CoreResolution Solve(CoreRelocation relocation)
    {
        if (!relocation.Kind.IsKnown())
            throw new BpfFormatException($"A relocation has the unknown kind {(uint)relocation.Kind}.");
        var path = AccessPathReader.Read(local, relocation);
        var resolution = new CoreResolution { Subject = path.Describe(), Local = FieldFacts.Of(path, relocation.Kind, isBigEndian) };

        // The object's types are loaded as they are, so their ids stay.
        if (relocation.Kind == CoreRelocationKind.TypeIdLocal)
            return resolution with { Target = resolution.Local };
        var name = EssentialName.Of(local[relocation.TypeId].NameUtf8);
        if (name.IsEmpty)
            return resolution with { Error = "is about an anonymous type, which can't be found by name in the kernel" };
        if (kernel is null)
        {
            return resolution with
            {
                Error = "depends on the types of the kernel, and none are at hand (a kernel built with CONFIG_DEBUG_INFO_BTF shows its own "
                    + $"in {BtfTypes.KernelPath})",
            };
        }

        if (!_candidates.TryGetValue(relocation.TypeId, out var candidates))
            _candidates.Add(relocation.TypeId, candidates = Candidates(local[relocation.TypeId], name));
        return Match(resolution, path, relocation.Kind, candidates);
    }

    private CoreResolution Match(
        CoreResolution resolution, AccessPath localPath, CoreRelocationKind kind, List<(BtfTypes Types, uint Id)> candidates)
    {
        AccessPath? found = null;
        var left = 0;
        for (var i = 0; i < candidates.Count; i++)
        {
            var matcher = new CandidateMatcher(local, candidates[i].Types, _budget);
            if (matcher.Match(localPath, candidates[i].Id, kind) is not { } path)
                continue;
            // A candidate that lacks what is asked now is not the type that is meant, so later questions are not for it either.
            candidates[left++] = candidates[i];
            var facts = FieldFacts.Of(path, kind, isBigEndian);
            if (found is null)
            {
                found = path;
                resolution = WithTarget(resolution, facts, path);
            }
            else if (found.BitOffset != path.BitOffset || resolution.Target!.Value.Value != facts.Value)
            {
                return resolution with
                {
                    Error = $"is ambiguous: the kernel's types {found.RootTypeId} ({found.Describe()}) and {path.RootTypeId} "
                        + $"({path.Describe()}) differ in it",
                };
            }
        }
        if (found is null)
            return Missing(resolution, localPath, kind, candidates);
        candidates.RemoveRange(left, candidates.Count - left);
        return resolution;
    }

    /// <summary>Absence is an answer to some questions, and makes an instruction unusable otherwise.</summary>
    private CoreResolution Missing(
        CoreResolution resolution, AccessPath localPath, CoreRelocationKind kind, List<(BtfTypes Types, uint Id)> candidates)
    {
        if (kind.IsType() || kind is CoreRelocationKind.FieldExists or CoreRelocationKind.EnumValueExists)
            return resolution with { Target = new FieldFacts(0, 0, 0, IsExact: true) };
        return resolution with
        {
            Problem = candidates.Count == 0
                ? $"this kernel has no {local.Describe(localPath.RootTypeId)}, of which {localPath.DescribeSteps()} is used"
                : $"this kernel's {candidates[0].Types.Describe(candidates[0].Id)} has no {localPath.DescribeSteps()} of the kind that is "
                    + "used",
        };
    }

    private CoreResolution WithTarget(CoreResolution resolution, FieldFacts facts, AccessPath path)
    {
        resolution = resolution with { Target = facts, TargetTypeId = path.RootTypeId };
        var (was, now) = (resolution.Local.AccessSize, facts.AccessSize);
        // Bit fields have no size of their own to compare.
        if (was == now || CanResize(resolution.Local.FieldTypeId, path.Types, facts.FieldTypeId))
            return resolution;
        return resolution with
        {
            ForbidsAccess = true,
            Problem = $"{resolution.Subject} has {was} bytes where the object was compiled and {now} on this kernel, "
                + "and only pointers and unsigned integers can be loaded with another size",
        };
    }

    /// <summary>Loads extend with zeros: right for pointers and unsigned integers.</summary>
    private bool CanResize(uint localId, BtfTypes target, uint targetId)
    {
        if (localId == 0 || targetId == 0)
            return false;
        // The types as declared, and not what is behind typedefs of elements.
        var a = local.Resolve(localId);
        var b = target.Resolve(targetId);
        return (a.Kind == BtfKind.Pointer && b.Kind == BtfKind.Pointer)
            || (a.Kind == BtfKind.Int && b.Kind == BtfKind.Int && !a.Integer.IsSigned && !b.Integer.IsSigned);
    }

    /// <summary>Types of a name; those of modules only where the kernel proper has none.</summary>
    private List<(BtfTypes Types, uint Id)> Candidates(BtfType localType, ReadOnlySpan<byte> name)
    {
        var found = new List<(BtfTypes, uint)>();
        if (kernel!.Base is { } vmlinux)
            Collect(vmlinux, localType, name, found);
        if (found.Count == 0)
            Collect(kernel, localType, name, found);
        if (found.Count > 0 || modules is null)
            return found;
        foreach (var module in modules)
        {
            if (module.Types is { } types)
                Collect(types, localType, name, found);
        }
        return found;
    }

    private static void Collect(BtfTypes types, BtfType localType, ReadOnlySpan<byte> name, List<(BtfTypes Types, uint Id)> found)
    {
        foreach (var id in types.Named(name))
        {
            if (TypeCompatibility.SameKind(types[id], localType))
                found.Add((types, id));
        }
    }
}
