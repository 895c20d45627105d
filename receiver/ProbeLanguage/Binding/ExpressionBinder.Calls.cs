using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

internal sealed partial class ExpressionBinder
{
    private Operand BindCall(CallSyntax call)
    {
        switch (call.Function)
        {
            case "ntohs" or "htons":
                return SwapBytes(call, 2);
            case "ntohl" or "htonl":
                return SwapBytes(call, 4);
            case "startswith":
                return TestText(call, TextTest.StartsWith);
            case "endswith":
                return TestText(call, TextTest.EndsWith);
            case "contains" or "strcontains":
                return TestText(call, TextTest.Contains);
            case "in":
                return BindIn(call);
            case "log2":
                ValueOperand logged = Argument(call, 0, 1);
                RequireInteger(logged, call.Arguments[0].Span, "log2");
                ProbeType width = Promoted(logged.ValueType);
                return new ValueOperand(new UnaryExpression(UnaryOperator.Log2, Convert(logged.Expression, width), width));
            case "min" or "max":
                return BindExtreme(call);
            case "first":
                return BindFirst(call);
            case "sizeof":
                Operand sized = Only(call, 1) is var operands ? Bind(operands[0]) : throw new InvalidOperationException();
                return new ValueOperand(new ConstantExpression(SizeOfOperand(sized, call.Span), ProbeType.I64)) { IsLiteral = true };
            case "str" or "ustr" or "kstr":
                return BindText(call);
            case "ip4":
                ValueOperand four = Argument(call, 0, 1);
                RequireInteger(four, call.Arguments[0].Span, "ip4");
                return new ValueOperand(new CastExpression(four.Expression, ProbeType.Ip4));
            case "ip6":
                return BindIp6(call);
            case "ns" or "us" or "ms":
                return BindTime(call);
            case "kernel" or "user":
                return Argument(call, 0, 1) with { Space = call.Function == "user" ? MemoryAccess.User : MemoryAccess.Kernel, IsTrusted = false };
            case "ksym" or "usym":
                return Argument(call, 0, 1) with { DefaultDecoder = call.Function, Type = null, PointsTo = null };
            case "strerror":
                return Argument(call, 0, 1) with { DefaultDecoder = "errno", Type = null, PointsTo = null };
            case "ntop":
                ValueOperand address = Load(Bind(call.Arguments[^1]), call.Arguments[^1].Span);
                return IsAddress(address) ? address : address with { Expression = new CastExpression(address.Expression, ProbeType.Ip4) };
            case "reg":
                if (Only(call, 1) is [StringSyntax register])
                    return _context.Register(register.Value) ?? throw new BindingException(register.Span, MissingRegister(register.Value), isMissing: !_context.HasRegisters);
                throw new BindingException(call.Span, "reg takes the name of a register: reg(\"di\")");
            case "stack" or "kstack" or "ustack":
                throw new BindingException(call.FunctionSpan, $"{call.Function} is reserved until there is a profiler");
            default:
                string suggestion = NearestNames.Suggest(call.Function, BuiltinNames.Functions);
                throw new BindingException(call.FunctionSpan, call.Function switch
                {
                    "count" or "sum" or "hist" or "lhist" or "avg" or "stats" => $"{call.Function}() is bpftrace's; here emit: has counter, sum, histogram and gauge",
                    "printf" or "print" => $"{call.Function}() is bpftrace's; here emit: has log with a body",
                    "strncmp" or "strcmp" => "texts are compared with ==, or startswith(x, \"...\")",
                    "kaddr" or "uaddr" => $"{call.Function}() is not taken: addresses of symbols are not looked up",
                    "cgroupid" => "cgroupid is taken as a part of a predicate: /cgroup == cgroupid(\"/sys/fs/cgroup/x\")/; in YAML it is scope: { cgroup: /x }",
                    "strlen" or "buf" or "macaddr" or "path" or "cgroup_path" or "strftime" or "pton" or "offsetof" or "kptr" or "uptr" or "len" or "ppid" =>
                        $"{call.Function}() is bpftrace's and is not taken",
                    _ => $"there is no function {call.Function}{(suggestion.Length > 0 ? suggestion : $"; there are {string.Join(", ", BuiltinNames.Functions)}")}",
                });
        }
    }

    private IReadOnlyList<ExpressionSyntax> Only(CallSyntax call, int count) => call.Arguments.Count == count
        ? call.Arguments
        : throw new BindingException(call.Span, $"{call.Function} takes {count} argument{(count == 1 ? "" : "s")}, not {call.Arguments.Count}");

    private ValueOperand Argument(CallSyntax call, int index, int count) => Load(Bind(Only(call, count)[index]), call.Arguments[index].Span);

    private ValueOperand SwapBytes(CallSyntax call, int size)
    {
        ValueOperand value = Argument(call, 0, 1);
        TypedExpression expression = value.Expression;
        if (expression.Type.Kind == ValueKind.Ip4)
            expression = new CastExpression(expression, ProbeType.U32);
        else
            RequireInteger(value, call.Arguments[0].Span, call.Function);
        ProbeType type = ProbeType.Integer(size, false);
        return new(new UnaryExpression(UnaryOperator.NetworkToHost, Convert(expression, type), type));
    }

    private ValueOperand TestText(CallSyntax call, TextTest test)
    {
        IReadOnlyList<ExpressionSyntax> arguments = Only(call, 2);
        ValueOperand text = LoadText(Bind(arguments[0]), arguments[0].Span);
        if (!text.IsText)
            throw new BindingException(arguments[0].Span, $"{call.Function} takes a text, and this is {Described(text)}{(text.ValueType.Size == 8 ? "; str(...) reads one from an address" : "")}");
        if (arguments[1] is not StringSyntax literal)
            throw new BindingException(arguments[1].Span, $"the second argument of {call.Function} is a text in quotes");
        int bytes = System.Text.Encoding.UTF8.GetByteCount(literal.Value);
        if (bytes == 0)
            throw new BindingException(literal.Span, "an empty text is in every text");
        int most = test == TextTest.StartsWith ? text.ValueType.Size - 1 : Math.Min(TextTestExpression.LongestSearch, text.ValueType.Size - 1);
        if (bytes > most)
            throw new BindingException(literal.Span, $"\"{literal.Value}\" has {bytes} bytes, and {call.Function} takes at most {most} here");
        return new(new TextTestExpression(test, text.Expression, literal.Value));
    }

    private ValueOperand BindIn(CallSyntax call)
    {
        if (call.Arguments.Count < 2)
            throw new BindingException(call.Span, "in takes a value and what it may be: in(x, 1, 2), in(addr, \"10.0.0.0/8\")");
        ExpressionSyntax first = call.Arguments[0];
        ValueOperand value = Load(Bind(first), first.Span);
        bool texts = call.Arguments.Skip(1).Any(a => a is StringSyntax);
        if (IsAddress(value) || (texts && value.IsNetworkOrder && value.ValueType.Size == 4))
        {
            TypedExpression address = IsAddress(value) ? value.Expression : new CastExpression(value.Expression, ProbeType.Ip4);
            var prefixes = new List<IpPrefix>();
            foreach (ExpressionSyntax entry in call.Arguments.Skip(1))
            {
                if (entry is not StringSyntax range)
                    throw new BindingException(entry.Span, "addresses and ranges are written as texts: \"10.0.0.0/8\"");
                prefixes.Add(ReadPrefix(range.Value, address.Type, range.Span));
            }

            return new(new InPrefixExpression(address, prefixes));
        }

        if (texts)
            value = LoadText(value, first.Span);
        var constants = new List<TypedExpression>();
        ProbeType type = value.IsText ? value.ValueType : Promoted(value.ValueType);
        foreach (ExpressionSyntax entry in call.Arguments.Skip(1))
        {
            if (value.IsText)
            {
                if (entry is not StringSyntax text)
                    throw new BindingException(entry.Span, "a text in quotes is expected, for the first argument is one");
                if (System.Text.Encoding.UTF8.GetByteCount(text.Value) >= type.Size)
                    throw new BindingException(entry.Span, $"the first argument holds {type.Size - 1} bytes, and \"{text.Value}\" has more: it can never be equal");
                constants.Add(new TextConstant(text.Value, type));
                continue;
            }

            if (entry is StringSyntax)
                throw new BindingException(entry.Span, $"a number is expected, for the first argument is {Described(value)}");
            if (!Constants.TryEvaluate(Load(Bind(entry), entry.Span).Expression, out long number))
                throw new BindingException(entry.Span, "what a value may be in is constant");
            if (value.IsNetworkOrder && number != 0)
                CheckOrder(value, new ValueOperand(new ConstantExpression(number, ProbeType.I64)), first.Span);
            constants.Add(new ConstantExpression(number, type));
        }

        if (!value.IsText)
            RequireInteger(value, first.Span, "in");
        return new(new InListExpression(value.IsText ? value.Expression : Convert(value.Expression, type), constants));
    }

    private ValueOperand BindExtreme(CallSyntax call)
    {
        if (call.Arguments.Count < 2)
            throw new BindingException(call.Span, $"{call.Function} takes two or more numbers; the {(call.Function == "min" ? "smallest" : "largest")} value over time is gauge with mode: {call.Function}");
        ValueOperand result = Load(Bind(call.Arguments[0]), call.Arguments[0].Span);
        RequireInteger(result, call.Arguments[0].Span, call.Function);
        foreach (ExpressionSyntax argument in call.Arguments.Skip(1))
        {
            ValueOperand next = Load(Bind(argument), argument.Span);
            RequireInteger(next, argument.Span, call.Function);
            ProbeType type = Common(result, next);
            BinaryOperator op = call.Function == "min" ? BinaryOperator.Minimum : BinaryOperator.Maximum;
            result = new(new BinaryExpression(op, Convert(result.Expression, type), Convert(next.Expression, type), type)) { IsTime = result.IsTime || next.IsTime };
        }

        return result;
    }

    // A field that another kernel calls otherwise: first(args.prev.__state, args.prev.state).
    private Operand BindFirst(CallSyntax call)
    {
        if (call.Arguments.Count == 0)
            throw new BindingException(call.Span, "first takes expressions, of which the first that this kernel has is taken");
        BindingException? missing = null;
        foreach (ExpressionSyntax argument in call.Arguments)
        {
            try
            {
                return Bind(argument);
            }
            catch (BindingException e) when (e.IsMissing)
            {
                missing = e;
            }
        }

        throw missing!;
    }

    private ValueOperand BindText(CallSyntax call)
    {
        if (call.Arguments.Count is not (1 or 2))
            throw new BindingException(call.Span, $"{call.Function} takes an address, and perhaps the most bytes to read: {call.Function}(p, 64)");
        int length = PointedText;
        if (call.Arguments.Count == 2)
        {
            ExpressionSyntax most = call.Arguments[1];
            if (!Constants.TryEvaluate(Load(Bind(most), most.Span).Expression, out long bytes))
                throw new BindingException(most.Span, $"the number of bytes is a constant, as in {call.Function}(p, 64)");
            if (bytes is < 1 or > ProbeType.LongestText)
                throw new BindingException(most.Span, $"1 to {ProbeType.LongestText} bytes can be read");
            // Besides the zero at the end.
            length = (int)Math.Min(bytes + 1, ProbeType.LongestText);
        }

        Operand operand = Bind(call.Arguments[0]);
        ValueOperand value = Load(operand, call.Arguments[0].Span);
        if (value.IsText)
            return call.Arguments.Count == 2 && value.Expression is MemoryRead read && length < read.Type.Size
                ? new ValueOperand(read with { Type = ProbeType.Text(length) })
                : value;
        if (value.ValueType is not { Kind: ValueKind.Integer, Size: 8 })
            throw new BindingException(call.Arguments[0].Span, $"{call.Function} takes an address, and this is {Described(value)}");
        MemoryAccess space = call.Function switch
        {
            "ustr" => MemoryAccess.User,
            "kstr" => MemoryAccess.Kernel,
            _ => TextSpace(value),
        };
        return new(new MemoryRead(value.Expression, 0, space, ProbeType.Text(length)));
    }

    private ValueOperand BindIp6(CallSyntax call)
    {
        Operand operand = Bind(Only(call, 1)[0]);
        switch (operand)
        {
            case PlaceOperand { Bits: null } place when place.Type?.Pointee is null:
                return new(new MemoryRead(place.Address, Offset(place.Offset, call.Span), Reads(place.Space), ProbeType.Ip6));
            case RecordOperand { Field: { Size: 16, Location: TracepointDataLocation.Inline } field }:
                return new(new MemoryRead(new ContextAddress(new ConstantExpression(field.Offset, ProbeType.U64)), 0, MemoryAccess.Kernel, ProbeType.Ip6));
        }

        ValueOperand value = Load(operand, call.Arguments[0].Span);
        if (value.ValueType.Kind == ValueKind.Ip6)
            return value;
        if (value.ValueType is { Kind: ValueKind.Integer, Size: 8 })
            return new(new MemoryRead(value.Expression, 0, Reads(value.Space), ProbeType.Ip6));
        throw new BindingException(call.Arguments[0].Span, "ip6 takes 16 bytes in memory, or their address");
    }

    private ValueOperand BindTime(CallSyntax call)
    {
        ValueOperand value = Argument(call, 0, 1);
        RequireInteger(value, call.Arguments[0].Span, call.Function);
        long factor = call.Function switch { "ns" => 1, "us" => 1_000, _ => 1_000_000 };
        ProbeType type = Promoted(value.ValueType);
        TypedExpression expression = Convert(value.Expression, type);
        if (factor > 1)
            expression = new BinaryExpression(BinaryOperator.Multiply, expression, new ConstantExpression(factor, type), type);
        return new(expression) { IsTime = true };
    }

    private ValueOperand BindCast(CastSyntax cast)
    {
        Operand operand = Bind(cast.Operand);
        TypeSyntax type = cast.Type;
        if (type.Pointers == 0 && type.Keyword.Length == 0 && type.Name is "ip4" or "ip6")
            return (ValueOperand)BindCall(new CallSyntax(cast.Span, type.Name, type.Span, [cast.Operand]));

        // A struct that is looked into without being loaded is cast by its address.
        ValueOperand value = operand is PlaceOperand { Type: { } placed, Bits: null } place && placed.Composite is not null
            ? new ValueOperand(AddressOf(place)) { Space = Reads(place.Space) }
            : Load(operand, cast.Operand.Span);
        if (type.Pointers > 0)
        {
            if (value.ValueType.Kind != ValueKind.Integer)
                throw new BindingException(cast.Operand.Span, $"this is {Described(value)}, which is no address");
            return new(Convert(value.Expression, ProbeType.U64)) { PointsTo = FindPointee(type), Space = Reads(value.Space) };
        }

        RequireInteger(value, cast.Operand.Span, $"({type})");
        if (type.Keyword.Length == 0 && type.Name == "bool")
            return new(ToBoolean(value, cast.Operand.Span));
        if (type.Keyword.Length == 0 && TypeNames.TryInteger(type.Name, out int bytes, out bool signed))
        {
            ProbeType integer = ProbeType.Integer(bytes, signed);
            return new(Convert(value.Expression, integer)) { IsTime = value.IsTime && bytes == 8, Space = Reads(value.Space) };
        }

        TypeRef found = FindType(type);
        if (ContextValues.ScalarOf(found) is not { Kind: ValueKind.Integer } scalar)
            throw new BindingException(type.Span, $"{type} is no number; as({type}, x) takes an address as one");
        return new(Convert(value.Expression, scalar)) { Type = found };
    }

    private static TypedExpression AddressOf(PlaceOperand place) => place.Offset == 0
        ? place.Address
        : new BinaryExpression(BinaryOperator.Add, place.Address, new ConstantExpression(place.Offset, ProbeType.U64), ProbeType.U64);

    private TypeRef FindPointee(TypeSyntax type)
    {
        TypeRef pointee = FindType(type with { Pointers = 0 });
        if (type.Pointers > 2)
            throw new BindingException(type.Span, "more than two stars are not taken");
        for (int i = 1; i < type.Pointers; i++)
        {
            pointee = CTypes.PointerTo(pointee) ?? throw new BindingException(
                type.Span, $"no pointer to {pointee.Name} is among the kernel's types, so it can't be cast to", isMissing: true);
        }

        return pointee;
    }

    private TypeRef FindType(TypeSyntax type)
    {
        BtfKind[] kinds = type.Keyword switch
        {
            "struct" => [BtfKind.Struct],
            "union" => [BtfKind.Union],
            "enum" => [BtfKind.Enum],
            _ => [BtfKind.Typedef, BtfKind.Int, BtfKind.Struct, BtfKind.Union, BtfKind.Enum],
        };
        if (Target.Types is null)
            throw new BindingException(type.Span, $"{type} needs the kernel's types, which {Target.Description} does not show", isMissing: true);
        string name = type.Name switch { "unsigned" => "unsigned int", "long" => "long int", "unsigned long" => "long unsigned int", _ => type.Name };
        if (Target.Names.FindType(name, kinds) is { } found)
            return found;
        if (type.Keyword.Length == 0 && TypeNames.TryInteger(type.Name, out int bytes, out bool signed)
            && Target.Names.FindType($"{(signed ? 's' : 'u')}{bytes * 8}", BtfKind.Typedef) is { } integer)
        {
            return integer;
        }

        throw new BindingException(
            type.Span, $"{Target.Description} has no type {type}{NearestNames.SuggestAmongMany(type.Name, type.Keyword == "struct" ? Target.Names.Structs : [])}", isMissing: true);
    }

    private long SizeOf(TypeSyntax type)
    {
        if (type.Pointers > 0)
            return 8;
        return type.Keyword.Length == 0 && TypeNames.TryInteger(type.Name, out int bytes, out _) ? bytes : SizeOf(FindType(type), type.Span);
    }

    private static long SizeOfOperand(Operand operand, TextSpan span) => operand switch
    {
        PlaceOperand { Type: { } type } => SizeOf(type, span),
        RecordOperand { Field: var field } => field.Size,
        ValueOperand { Pointee: { } pointee } when pointee.Composite is { } composite => SizeOf(composite, span),
        ValueOperand value => value.ValueType.Size,
        _ => throw new BindingException(span, "this has no size"),
    };
}
