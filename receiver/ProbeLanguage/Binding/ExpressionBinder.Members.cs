using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

internal sealed partial class ExpressionBinder
{
    private Operand BindMember(MemberSyntax member)
    {
        // start.args.x at the start is args.x; at the end it was captured before.
        if (member.Target is MemberSyntax { Target: NameSyntax { Name: "start" or "end" } side, Name: "args" or "ctx" or "ns" } inner && FindLet(side.Name) is null)
        {
            CheckSide(side);
            return BindMember(member with { Target = new NameSyntax(inner.NameSpan, inner.Name) });
        }

        if (member.Target is NameSyntax root && FindLet(root.Name) is null)
        {
            switch (root.Name)
            {
                case "args":
                    return _context.Argument(member.Name)
                        ?? throw new BindingException(member.NameSpan, _context.MissingArgument(member.Name), isMissing: true);
                case "ctx":
                    return _context.Register(member.Name) ?? throw new BindingException(member.NameSpan, MissingRegister(member.Name), isMissing: !_context.HasRegisters);
                case "ns":
                    return BindNamespace(member);
                case "start" or "end":
                    CheckSide(root);
                    return Bind(new NameSyntax(member.NameSpan, member.Name));
            }
        }

        return FieldOf(Bind(member.Target), member.Name, member.NameSpan, member.Target.Span);
    }

    private void CheckSide(NameSyntax side)
    {
        if (_role == HookRole.Single)
            throw new BindingException(side.Span, $"{side.Name} belongs to pairs, and this probe has one event: without {side.Name}. it means the same");
        if (side.Name == "end" && _role == HookRole.Start)
            throw new BindingException(side.Span, "the end is not known at the start");
    }

    private string MissingRegister(string name) => _context.HasRegisters
        ? $"there is no register {name}{NearestNames.Suggest(name, Registers.Names(Target.Architecture))}"
        : $"{_context.Hook} has no registers; its arguments are args.x";

    /// <summary>The number of the device that a pointer to one of the kernel's objects is about; null for what has none.</summary>
    private ValueOperand? BindDevice(Operand operand, string decoder, TextSpan span)
    {
        TypeRef? pointed = operand switch
        {
            PlaceOperand { Bits: null, Type: { } type } => type.Pointee,
            ValueOperand value => value.Pointee,
            _ => null,
        };
        if (pointed?.Composite is not { } composite)
            return null;
        ValueOperand Field(params string[] path)
        {
            Operand at = operand;
            foreach (string name in path)
                at = FieldOf(at, name, span, span);
            return Load(at, span);
        }

        switch (composite.Resolved.Name)
        {
            case "net_device" when decoder == "ifname":
                return Field("ifindex");
            case "sk_buff" when decoder == "ifname":
                return Field("dev", "ifindex");
            case "gendisk" when decoder == "majorminor":
                TypedExpression major = Convert(Field("major").Expression, ProbeType.U64), minor = Convert(Field("first_minor").Expression, ProbeType.U64);
                TypedExpression shifted = new BinaryExpression(BinaryOperator.ShiftLeft, major, new ConstantExpression(20, ProbeType.U64), ProbeType.U64);
                return new(new CastExpression(new BinaryExpression(BinaryOperator.Or, shifted, minor, ProbeType.U64), ProbeType.U32));
            case "block_device" when decoder == "majorminor":
                return Field("bd_dev");
            case "super_block" when decoder == "majorminor":
                return Field("s_dev");
            case "inode" when decoder == "majorminor":
                return Field("i_sb", "s_dev");
            default:
                return null;
        }
    }

    private Operand BindNamespace(MemberSyntax member)
    {
        string? path = member.Name switch
        {
            "mnt" => "nsproxy.mnt_ns.ns.inum",
            "pid" => "nsproxy.pid_ns_for_children.ns.inum",
            "net" => "nsproxy.net_ns.ns.inum",
            "uts" => "nsproxy.uts_ns.ns.inum",
            "ipc" => "nsproxy.ipc_ns.ns.inum",
            "cgroup" => "nsproxy.cgroup_ns.ns.inum",
            "user" => "cred.user_ns.ns.inum",
            _ => null,
        };
        if (path is null)
            throw new BindingException(member.NameSpan, $"there is no namespace {member.Name}; there are mnt, pid, net, user, uts, ipc and cgroup");
        Operand at = BindBuiltin("curtask", member.Span)!;
        foreach (string step in path.Split('.'))
            at = FieldOf(at, step, member.NameSpan, member.Span);
        return at;
    }

    private Operand FieldOf(Operand target, string name, TextSpan nameSpan, TextSpan targetSpan)
    {
        // A pointer is walked through, a struct looked into.
        if (target is PlaceOperand { Type: { } placed } place && place.Bits is null && placed.Composite is null && placed.Pointee is not null)
            target = Load(place, targetSpan);
        switch (target)
        {
            case PlaceOperand { Type: { } type } inner when type.Composite is { } composite:
                return Member(composite, name, nameSpan, inner.Address, inner.Offset, inner.Space);
            case ValueOperand { Pointee: { } pointee } pointer:
                if (pointee.Composite is { } structure)
                    return Member(structure, name, nameSpan, pointer.Expression, 0, pointer.IsTrusted ? MemoryAccess.Direct : pointer.Space);
                throw new BindingException(targetSpan, pointee.Resolved.Kind is BtfKind.Void or BtfKind.Forward
                    ? $"this is {Described(pointer)}, of which the kernel's types say no fields; as(struct name, {_source.Text.Substring(targetSpan.Start, Math.Min(targetSpan.Length, 40))}) takes it as a struct"
                    : $"this is {Described(pointer)}, which has no fields{(pointee.Pointee is not null ? "; [0] takes what it points to" : "")}");
            case ValueOperand { IsText: true }:
                throw new BindingException(nameSpan, "a text has no fields");
            case ValueOperand { Type: null, ValueType.Size: 8 }:
                throw new BindingException(targetSpan, $"this is a number without a type; as(struct name, {_source.Text.Substring(targetSpan.Start, Math.Min(targetSpan.Length, 40))}).{name} takes it as a pointer to a struct");
            case PlaceOperand { Type: { } array } when array.Resolved.Kind == BtfKind.Array:
                throw new BindingException(targetSpan, $"this is an array ({array.Name}); [0] takes its first element");
            default:
                throw new BindingException(targetSpan, $"this is {Described(target)}, which has no field {name}");
        }
    }

    private static PlaceOperand Member(TypeRef composite, string name, TextSpan span, TypedExpression address, long offset, MemoryAccess space)
    {
        if (MemberFinder.Find(composite, name) is not { } found)
        {
            string[] names = [.. MemberFinder.Names(composite)];
            string suggestion = NearestNames.Suggest(name, names);
            throw new BindingException(
                span, $"{composite.Name} has no field {name}{(suggestion.Length > 0 ? suggestion : names.Length == 0 ? "" : $"; it has {string.Join(", ", names.Take(20))}{(names.Length > 20 ? ", ..." : "")}")}",
                isMissing: true);
        }

        if (found.BitSize > 0)
            return new(address, offset, space, ((int)found.BitOffset, found.BitSize)) { Type = found.Type, FieldName = name };
        return new(address, offset + (found.BitOffset / 8), space) { Type = found.Type, FieldName = name };
    }

    private Operand BindIndex(IndexSyntax syntax)
    {
        Operand target = Bind(syntax.Target);
        ValueOperand index = Load(Bind(syntax.Index), syntax.Index.Span);
        if (!Constants.TryEvaluate(index.Expression, out long at))
            throw new BindingException(syntax.Index.Span, "an index is constant");
        if (target is RecordOperand { Field: var field })
            return Element(field, at, syntax);
        if (target is PlaceOperand { Type: { } type } place && type.Resolved is { Kind: BtfKind.Array } array)
        {
            TypeRef element = type.To(array.Array.ElementTypeId);
            uint count = array.Array.Count;
            if (at < 0 || (count > 0 && at >= count))
                throw new BindingException(syntax.Index.Span, $"{type.Name} has {count} elements, the last of which is [{count - 1}]");
            return place with { Offset = place.Offset + (at * SizeOf(element, syntax.Span)), Type = element };
        }

        ValueOperand pointer = Load(target, syntax.Target.Span);
        if (pointer.Pointee is not { } pointee || pointee.Resolved.Kind == BtfKind.Void)
            throw new BindingException(syntax.Target.Span, $"this is {Described(target)}, which has no elements");
        if (at is < -4096 or > 1 << 20)
            throw new BindingException(syntax.Index.Span, "an index is from -4096 to 1048576");
        return new PlaceOperand(pointer.Expression, at * SizeOf(pointee, syntax.Span), pointer.IsTrusted && at == 0 ? MemoryAccess.Direct : Reads(pointer.Space))
        {
            Type = pointee,
        };
    }

    private static ValueOperand Element(TracepointField field, long at, IndexSyntax syntax)
    {
        if (field.Location != TracepointDataLocation.Inline || field.Count == 0)
            throw new BindingException(syntax.Span, $"elements of {field.Name} can't be taken: its length changes");
        int size = field.Size / field.Count;
        if (at < 0 || at >= field.Count)
            throw new BindingException(syntax.Index.Span, $"{field.Name} has {field.Count} elements, the last of which is [{field.Count - 1}]");
        if (size is not (1 or 2 or 4 or 8))
            throw new BindingException(syntax.Span, $"an element of {field.Name} is a {field.CType}, which is no number");
        return new(RecordTypes.Read(field.Offset + ((int)at * size), ProbeType.Integer(size, field.IsSigned)));
    }

    private static long SizeOf(TypeRef type, TextSpan span)
    {
        try
        {
            return type.Types.SizeOf(type.Id);
        }
        catch (BpfFormatException)
        {
            throw new BindingException(span, $"{type.Name} has no size");
        }
    }

    private static MemoryAccess Reads(MemoryAccess space) => space == MemoryAccess.Direct ? MemoryAccess.Kernel : space;

    private static string Described(Operand operand) => operand switch
    {
        ValueOperand { PointsTo: { } pointee } => $"a {pointee.Name} *",
        ValueOperand { Type: { } type } => $"a {type.Name}",
        ValueOperand { IsText: true } => "a text",
        ValueOperand value => $"a number ({value.ValueType})",
        PlaceOperand { Type: { } type } => $"a {type.Name}",
        RecordOperand { Field: var field } => $"{field.CType}[]",
        _ => "a value",
    };
}
