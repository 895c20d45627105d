namespace EbpfReceiver.ProbeLanguage;

internal sealed partial class ExpressionBinder
{
    private ValueOperand BindUnary(UnarySyntax unary)
    {
        if (unary.Operator == UnarySyntaxOperator.Dereference)
            return BindDereference(unary);
        ValueOperand operand = Load(Bind(unary.Operand), unary.Operand.Span);
        if (unary.Operator == UnarySyntaxOperator.Not)
            return new(new UnaryExpression(UnaryOperator.Not, ToBoolean(operand, unary.Operand.Span), ProbeType.Boolean));
        RequireInteger(operand, unary.Operand.Span, unary.Operator == UnarySyntaxOperator.Negate ? "-" : "~");
        ProbeType type = Promoted(operand.ValueType);
        if (unary.Operator == UnarySyntaxOperator.Negate)
        {
            if (operand is { IsLiteral: true, Expression: ConstantExpression constant })
                return operand with { Expression = new ConstantExpression(unchecked(-constant.Value), ProbeType.I64) };
            type = ProbeType.I64;
        }

        UnaryOperator op = unary.Operator == UnarySyntaxOperator.Negate ? UnaryOperator.Negate : UnaryOperator.Complement;
        return new(new UnaryExpression(op, Convert(operand.Expression, type), type)) { IsTime = operand.IsTime };
    }

    private ValueOperand BindDereference(UnarySyntax unary)
    {
        ValueOperand pointer = Load(Bind(unary.Operand), unary.Operand.Span);
        if (pointer.Pointee is not { } pointee || pointee.Resolved.Kind == Bpf.BtfKind.Void)
            throw new BindingException(unary.Operand.Span, $"this is {Described(pointer)}, and * takes what a typed pointer points to; (u32 *)x makes one of a number");
        return Load(new PlaceOperand(pointer.Expression, 0, pointer.IsTrusted ? DirectIfStruct(pointee) : Reads(pointer.Space)) { Type = pointee }, unary.Span);
    }

    private static MemoryAccess DirectIfStruct(TypeRef pointee) => pointee.Resolved.IsComposite ? MemoryAccess.Direct : MemoryAccess.Kernel;

    private ValueOperand BindBinary(BinarySyntax binary)
    {
        if (binary.Operator is BinarySyntaxOperator.And or BinarySyntaxOperator.Or)
        {
            TypedExpression first = ToBoolean(Load(Bind(binary.Left), binary.Left.Span), binary.Left.Span);
            TypedExpression second = ToBoolean(Load(Bind(binary.Right), binary.Right.Span), binary.Right.Span);
            BinaryOperator logical = binary.Operator == BinarySyntaxOperator.And ? BinaryOperator.LogicalAnd : BinaryOperator.LogicalOr;
            return new(new BinaryExpression(logical, first, second, ProbeType.Boolean));
        }

        ValueOperand left = Load(Bind(binary.Left), binary.Left.Span);
        ValueOperand right = Load(Bind(binary.Right), binary.Right.Span);
        return binary.Operator is >= BinarySyntaxOperator.Less and <= BinarySyntaxOperator.NotEqual
            ? Compare(binary, left, right)
            : Calculate(binary, left, right);
    }

    private ValueOperand Calculate(BinarySyntax binary, ValueOperand left, ValueOperand right)
    {
        string symbol = _source.Text.Substring(binary.OperatorSpan.Start, binary.OperatorSpan.Length);
        RequireInteger(left, binary.Left.Span, symbol);
        RequireInteger(right, binary.Right.Span, symbol);
        BinaryOperator op = binary.Operator switch
        {
            BinarySyntaxOperator.Multiply => BinaryOperator.Multiply,
            BinarySyntaxOperator.Divide => BinaryOperator.Divide,
            BinarySyntaxOperator.Remainder => BinaryOperator.Remainder,
            BinarySyntaxOperator.Add => BinaryOperator.Add,
            BinarySyntaxOperator.Subtract => BinaryOperator.Subtract,
            BinarySyntaxOperator.ShiftLeft => BinaryOperator.ShiftLeft,
            BinarySyntaxOperator.ShiftRight => BinaryOperator.ShiftRight,
            BinarySyntaxOperator.BitAnd => BinaryOperator.And,
            BinarySyntaxOperator.BitXor => BinaryOperator.ExclusiveOr,
            _ => BinaryOperator.Or,
        };
        if (op is BinaryOperator.Divide or BinaryOperator.Remainder && Constants.TryEvaluate(right.Expression, out long divisor) && divisor == 0)
            throw new BindingException(binary.Right.Span, "this divides by 0");
        if (op is BinaryOperator.Add or BinaryOperator.Subtract && left.Pointee is { } pointee && pointee.Resolved.Kind != Bpf.BtfKind.Void && !pointee.IsChar && right.Pointee is null)
            throw new BindingException(binary.Span, $"the left side is a pointer ({Described(left)}): [n] takes an element, and (u64)x makes a number of it");

        ProbeType type = op is BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight ? Promoted(left.ValueType) : Common(left, right);
        TypedExpression second = op is BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight
            ? Convert(right.Expression, Promoted(right.ValueType))
            : Convert(right.Expression, type);
        bool isTime = op is BinaryOperator.Add or BinaryOperator.Subtract && (left.IsTime || right.IsTime);
        TypedExpression result = new BinaryExpression(op, Convert(left.Expression, type), second, type);
        if (left.IsLiteral && right.IsLiteral && Constants.TryEvaluate(result, out long folded))
            return new(new ConstantExpression(folded, type)) { IsLiteral = true, IsTime = isTime };

        // What is calculated from an address of a program is one again.
        bool isOfProgram = left.Space == MemoryAccess.User || right.Space == MemoryAccess.User;
        return new(result) { IsTime = isTime, Space = isOfProgram ? MemoryAccess.User : MemoryAccess.Kernel };
    }

    private ValueOperand Compare(BinarySyntax binary, ValueOperand left, ValueOperand right)
    {
        BinaryOperator op = binary.Operator switch
        {
            BinarySyntaxOperator.Equal => BinaryOperator.Equal,
            BinarySyntaxOperator.NotEqual => BinaryOperator.NotEqual,
            BinarySyntaxOperator.Less => BinaryOperator.Less,
            BinarySyntaxOperator.LessOrEqual => BinaryOperator.LessOrEqual,
            BinarySyntaxOperator.Greater => BinaryOperator.Greater,
            _ => BinaryOperator.GreaterOrEqual,
        };
        bool isEquality = op is BinaryOperator.Equal or BinaryOperator.NotEqual;

        // A text that was written meets a text, a pointer to one, or an address.
        if (left.Expression is TextConstant && right.Expression is not TextConstant)
            return Compare(binary with { Operator = Mirrored(binary.Operator), Left = binary.Right, Right = binary.Left }, right, left);
        if (right.Expression is TextConstant written)
        {
            if (IsAddress(left) || (left.IsNetworkOrder && left.ValueType.Size == 4))
                return new(AddressTest(left, written, op, binary));
            left = LoadText(left, binary.Left.Span);
        }

        if (left.IsText || right.IsText)
        {
            if (!isEquality)
                throw new BindingException(binary.OperatorSpan, "texts are compared with == and != only");
            right = LoadText(right, binary.Right.Span);
            left = LoadText(left, binary.Left.Span);
            if (!left.IsText || !right.IsText)
                throw new BindingException(binary.Span, Mismatch(left, right));
            CheckLength(left, right, binary);
            ProbeType type = left.ValueType;
            TypedExpression second = right.Expression is TextConstant constant && constant.Type.Size <= type.Size ? constant with { Type = type } : right.Expression;
            return new(new BinaryExpression(op, left.Expression, second, ProbeType.Boolean));
        }

        if (IsAddress(left) || IsAddress(right))
            return new(CompareAddresses(left, right, op, binary));
        CheckOrder(left, right, binary.Left.Span);
        CheckOrder(right, left, binary.Right.Span);
        CheckRange(left, right, op, binary);
        if (left.ValueType.Kind == ValueKind.Boolean && right.ValueType.Kind == ValueKind.Boolean && isEquality)
            return new(new BinaryExpression(op, left.Expression, right.Expression, ProbeType.Boolean));
        ProbeType common = Common(left, right);
        return new(new BinaryExpression(op, Convert(left.Expression, common), Convert(right.Expression, common), ProbeType.Boolean));
    }

    private static BinarySyntaxOperator Mirrored(BinarySyntaxOperator op) => op switch
    {
        BinarySyntaxOperator.Less => BinarySyntaxOperator.Greater,
        BinarySyntaxOperator.LessOrEqual => BinarySyntaxOperator.GreaterOrEqual,
        BinarySyntaxOperator.Greater => BinarySyntaxOperator.Less,
        BinarySyntaxOperator.GreaterOrEqual => BinarySyntaxOperator.LessOrEqual,
        _ => op,
    };

    private static string Mismatch(ValueOperand left, ValueOperand right)
    {
        ValueOperand number = left.IsText ? right : left;
        string what = number.Type is { } type ? type.Name : number.ValueType.ToString();
        return number.ValueType is { Kind: ValueKind.Integer, Size: 8 }
            ? $"{what} is compared with a text; if it points to one, str(...) reads it"
            : $"{what} is compared with a text";
    }

    private static void CheckLength(ValueOperand text, ValueOperand other, BinarySyntax binary)
    {
        if (other.Expression is not TextConstant constant || constant.Type.Size <= text.ValueType.Size)
            return;
        int room = text.ValueType.Size - 1;
        throw new BindingException(binary.Right.Span, text.Expression is BuiltinExpression { Builtin: Builtin.ThreadName }
            ? $"comm holds {room} bytes, and \"{constant.Value}\" has {constant.Type.Size - 1}: it can never be equal; compare with \"{constant.Value[..Math.Min(room, constant.Value.Length)]}\""
            : $"the left side holds {room} bytes, and \"{constant.Value}\" has {constant.Type.Size - 1}: they can never be equal; str(x, n) reads more");
    }

    // 80 is 0x5000 in network order: the commonest slip with ports.
    private static void CheckOrder(ValueOperand value, ValueOperand other, TextSpan span)
    {
        if (!value.IsNetworkOrder || other.IsNetworkOrder || !Constants.TryEvaluate(other.Expression, out long constant) || constant == 0)
            return;
        string function = value.ValueType.Size == 2 ? "ntohs" : "ntohl";
        throw new BindingException(span, $"this is in network order ({value.Type!.Value.Name}); write {function}(...) to compare it with a number");
    }

    private static void CheckRange(ValueOperand left, ValueOperand right, BinaryOperator op, BinarySyntax binary)
    {
        if (!left.ValueType.IsSigned && left.ValueType.Kind == ValueKind.Integer && Constants.TryEvaluate(right.Expression, out long constant) && right.ValueType.IsSigned
            && ((op == BinaryOperator.Less && constant == 0) || (constant < 0 && left.ValueType.Size < 8)))
        {
            string what = left.Type is { } type ? $"{type.Name}, which is {left.ValueType}" : left.ValueType.ToString();
            throw new BindingException(binary.Span, $"this is never true or always: the left side is unsigned ({what}) and never below 0; (i{left.ValueType.Size * 8}) before it takes its sign bit for one");
        }
    }

    private ValueOperand BindChoice(ConditionalSyntax choice)
    {
        TypedExpression condition = ToBoolean(Load(Bind(choice.Condition), choice.Condition.Span), choice.Condition.Span);
        ValueOperand first = Load(Bind(choice.WhenTrue), choice.WhenTrue.Span);
        ValueOperand second = Load(Bind(choice.WhenFalse), choice.WhenFalse.Span);
        if (first.IsText || second.IsText)
            throw new BindingException(choice.Span, "a choice is between numbers; for texts, choose a number and give it a text with map: {0: a, 1: b}");
        if (IsAddress(first) && first.ValueType == second.ValueType && first.ValueType.IsScalar)
            return new(new ConditionalExpression(condition, first.Expression, second.Expression));
        RequireInteger(first, choice.WhenTrue.Span, "?:");
        RequireInteger(second, choice.WhenFalse.Span, "?:");
        ProbeType type = Common(first, second);
        return new(new ConditionalExpression(condition, Convert(first.Expression, type), Convert(second.Expression, type))) { IsTime = first.IsTime || second.IsTime };
    }

    private TypedExpression ToBoolean(ValueOperand value, TextSpan span)
    {
        if (value.ValueType.Kind == ValueKind.Boolean)
            return value.Expression;
        if (value.ValueType.Kind == ValueKind.Integer)
            return new CastExpression(value.Expression, ProbeType.Boolean);
        throw new BindingException(span, $"a condition is expected here, and this is {Described(value)}; compare it with something");
    }

    private void RequireInteger(ValueOperand value, TextSpan span, string symbol)
    {
        if (value.ValueType.Kind is ValueKind.Integer or ValueKind.Boolean)
            return;
        throw new BindingException(span, $"{symbol} takes numbers, and this is {(value.IsText ? "a text" : "an IP address")}");
    }

    /// <summary>Numbers are calculated in 64 bits: signed, unless one of them is an unsigned 64-bit number, as in C.</summary>
    private static ProbeType Promoted(ProbeType type) => type is { Kind: ValueKind.Integer, Size: 8, IsSigned: false } ? ProbeType.U64 : ProbeType.I64;

    private static ProbeType Common(ValueOperand left, ValueOperand right)
    {
        ProbeType first = Promoted(left.ValueType), second = Promoted(right.ValueType);
        // A number as written takes the other's sign: u64 - 1 stays unsigned and i64 > 0x7 signed.
        return first == second ? first : ProbeType.U64;
    }

    private static TypedExpression Convert(TypedExpression expression, ProbeType type)
    {
        if (expression.Type == type)
            return expression;
        return expression is ConstantExpression constant && type.Kind == ValueKind.Integer
            ? new ConstantExpression(Constants.Cut(constant.Value, type), type)
            : new CastExpression(expression, type);
    }
}
