using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

internal sealed partial class ExpressionBinder
{
    private const int MaxWrapping = 4;
    private const int PointedText = 64; // bytes of a text behind a pointer, where none are named

    /// <summary>An object's value: a number, a truth value, an address, a text.</summary>
    private ValueOperand Load(Operand operand, TextSpan span) => operand switch
    {
        ValueOperand value => value,
        RecordOperand record => LoadRecord(record.Field, span),
        PlaceOperand { Type: null } untyped => new(new MemoryRead(untyped.Address, Offset(untyped.Offset, span), Reads(untyped.Space), ProbeType.U64)) { Space = Reads(untyped.Space) },
        PlaceOperand { Type: { } type } place => LoadPlace(place, type, span, 0),
        _ => throw new BindingException(span, "this has no value by itself"),
    };

    private ValueOperand LoadPlace(PlaceOperand place, TypeRef type, TextSpan span, int depth)
    {
        if (place.Bits is { } bits)
            return LoadBits(place, type, bits, span);
        int offset = Offset(place.Offset, span);
        BtfType resolved = type.Resolved;
        if (resolved.Kind == BtfKind.Pointer)
        {
            bool trusted = place.Space == MemoryAccess.Direct && ContextValues.IsVerifiable(type);
            var read = new MemoryRead(place.Address, offset, place.Space, ProbeType.U64, IsTypedPointer: trusted);
            return new(read) { Type = type, IsTrusted = trusted, Space = ContextValues.SpaceOf(type, Reads(place.Space)) };
        }

        if (ContextValues.ScalarOf(type) is { } scalar)
            return ContextValues.Finished(new MemoryRead(place.Address, offset, place.Space, scalar), type, place.FieldName) with { Space = Reads(place.Space) };
        if (resolved.Kind == BtfKind.Array)
            return LoadArray(place, type, offset, span);
        if (type.Composite is { } composite)
        {
            BtfType structure = composite.Resolved;
            if (structure.Name == "in6_addr")
                return new(new MemoryRead(place.Address, offset, Reads(place.Space), ProbeType.Ip6)) { Type = type };

            // atomic_t, refcount_t, kuid_t and the like hold one number, which is what is meant.
            if (structure.Count == 1 && depth < MaxWrapping && structure.Member(0) is { BitFieldSize: 0 } only)
            {
                return LoadPlace(
                    place with { Type = composite.To(only.TypeId), Offset = place.Offset + (only.BitOffset / 8), FieldName = only.Name }, composite.To(only.TypeId), span, depth + 1);
            }

            string[] names = [.. MemberFinder.Names(composite).Take(12)];
            throw new BindingException(span, $"this is a whole {type.Name}; name one of its fields: {string.Join(", ", names)}{(names.Length == 12 ? ", ..." : "")}");
        }

        throw new BindingException(span, $"this is a {type.Name}, which can't be read as a value");
    }

    private static ValueOperand LoadArray(PlaceOperand place, TypeRef type, int offset, TextSpan span)
    {
        BtfArray array = type.Resolved.Array;
        TypeRef element = type.To(array.ElementTypeId);
        MemoryAccess space = Reads(place.Space);
        if (element.Resolved is { Kind: BtfKind.Int, Size: 1 })
        {
            bool isAddress = ContextValues.LooksLikeAddress(place.FieldName);
            if (!element.IsChar && array.Count == 4 && isAddress)
                return new(new MemoryRead(place.Address, offset, space, ProbeType.Ip4));
            if (!element.IsChar && array.Count == 16 && isAddress)
                return new(new MemoryRead(place.Address, offset, space, ProbeType.Ip6));
            // A flexible array has no length of its own.
            int length = array.Count == 0 ? PointedText : (int)Math.Min(array.Count, ProbeType.LongestText);
            return new(new MemoryRead(place.Address, offset, space, ProbeType.Text(length))) { Type = type };
        }

        throw new BindingException(span, $"this is an array ({type.Name}); [0] takes its first element");
    }

    private static ValueOperand LoadBits(PlaceOperand place, TypeRef type, (int Start, int Width) bits, TextSpan span)
    {
        ProbeType scalar = ContextValues.ScalarOf(type) ?? throw new BindingException(span, $"a bit field of {type.Name} can't be read");

        // The smallest aligned integer that holds all of it: the verifier takes no load that touches the field beside it.
        foreach (int size in (int[])[1, 2, 4, 8])
        {
            int start = bits.Start / (size * 8) * (size * 8);
            if (bits.Start + bits.Width > start + (size * 8))
                continue;
            var field = new BitField(bits.Start - start, bits.Width);
            if (bits.Width == size * 8)
                return new(new MemoryRead(place.Address, Offset(place.Offset + (start / 8), span), place.Space, ProbeType.Integer(size, scalar.IsSigned))) { Type = type };
            ProbeType result = scalar.Kind == ValueKind.Boolean ? scalar : ProbeType.Integer(Math.Max(scalar.Size, (bits.Width + 7) / 8 is 3 ? 4 : 1), scalar.IsSigned);
            return new(new MemoryRead(place.Address, Offset(place.Offset + (start / 8), span), place.Space, result, field, size)) { Type = type };
        }

        throw new BindingException(span, "this bit field lies across more than 8 bytes");
    }

    private static ValueOperand LoadRecord(TracepointField field, TextSpan span)
    {
        TypedExpression at = new ConstantExpression(field.Offset, ProbeType.U64);
        if (field.Location != TracepointDataLocation.Inline)
        {
            TypedExpression where = new ContextRead(field.Offset, 4, ProbeType.U32);
            at = new BinaryExpression(
                BinaryOperator.And, new CastExpression(where, ProbeType.U64), new ConstantExpression(0xffff, ProbeType.U64), ProbeType.U64);
            if (field.Location == TracepointDataLocation.FromField)
                at = new BinaryExpression(BinaryOperator.Add, at, new ConstantExpression(field.Offset + field.Size, ProbeType.U64), ProbeType.U64);
        }

        var address = new ContextAddress(at);
        int width = field.Count > 0 ? field.Size / field.Count : field.Size;
        bool isAddress = ContextValues.LooksLikeAddress(field.Name);
        if (field.Location == TracepointDataLocation.Inline && field.Size == 4 && isAddress)
            return new(RecordTypes.Read(field.Offset, ProbeType.Ip4));
        if (field.Location == TracepointDataLocation.Inline && field.Size == 16 && isAddress)
            return new(new MemoryRead(address, 0, MemoryAccess.Kernel, ProbeType.Ip6));
        if (field.Location == TracepointDataLocation.Inline && field.Size == 28 && isAddress)
            throw new BindingException(span, $"{field.Name} is a struct sockaddr; take the fields next to it, or tp_btf with args.sk");
        if (width == 1 || field.CType is "char" or "u8" or "__u8" or "unsigned char" or "unsigned char*")
        {
            int length = field.Location == TracepointDataLocation.Inline ? Math.Clamp(field.Size, 1, ProbeType.LongestText) : 128;
            return new(new MemoryRead(address, 0, MemoryAccess.Kernel, ProbeType.Text(length)));
        }

        throw new BindingException(span, $"{field.Name} is an array ({field.CType}[{(field.Count > 0 ? field.Count : "")}]); [0] takes its first element");
    }

    /// <summary>A text: as it is, or what a pointer to char points to.</summary>
    private ValueOperand LoadText(Operand operand, TextSpan span, int length = PointedText)
    {
        ValueOperand value = Load(operand, span);
        if (value.IsText || !IsCharPointer(value))
            return value;
        return new(new MemoryRead(value.Expression, 0, TextSpace(value), ProbeType.Text(length)));
    }

    private static bool IsCharPointer(ValueOperand value) => value.Pointee is { } pointee && pointee.IsChar;

    // Kernels are built without the tags that say which pointers are a program's; the functions that take such are known by their names.
    private MemoryAccess TextSpace(ValueOperand pointer)
    {
        string? function = _context.FunctionName;
        if (pointer.Space != MemoryAccess.Kernel || pointer.Expression is not ContextRead || function is null)
            return Reads(pointer.Space);
        string[] takers = ["do_sys_", "getname", "user_path", "strncpy_from_user", "strndup_user", "copy_from_user", "do_execve", "do_faccessat", "vfs_read", "vfs_write", "do_fchownat", "do_fchmodat", "do_utimes", "do_readlinkat", "ksys_"];
        bool isTaken = takers.Any(t => function.StartsWith(t, StringComparison.Ordinal)) && !function.EndsWith("_kernel", StringComparison.Ordinal);
        return isTaken ? MemoryAccess.User : MemoryAccess.Kernel;
    }

    private static int Offset(long offset, TextSpan span) =>
        offset is >= int.MinValue and <= int.MaxValue ? (int)offset : throw new BindingException(span, "this is too far away from its object");
}
