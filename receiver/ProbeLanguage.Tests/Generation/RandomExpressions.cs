namespace EbpfReceiver.ProbeLanguage.Tests.Generation;

/// <summary>Makes expressions by chance, as the binder would type them, with values that lie at the edges more often than not.</summary>
internal sealed class RandomExpressions(int seed)
{
    public const int ContextSize = 64;

    private static readonly ProbeType[] Integers =
        [ProbeType.U8, ProbeType.U16, ProbeType.U32, ProbeType.U64, ProbeType.I8, ProbeType.I16, ProbeType.I32, ProbeType.I64];

    private static readonly BinaryOperator[] Arithmetic =
    [
        BinaryOperator.Add, BinaryOperator.Subtract, BinaryOperator.Multiply, BinaryOperator.Divide, BinaryOperator.Remainder,
        BinaryOperator.And, BinaryOperator.Or, BinaryOperator.ExclusiveOr, BinaryOperator.ShiftLeft, BinaryOperator.ShiftRight,
        BinaryOperator.Minimum, BinaryOperator.Maximum,
    ];

    private static readonly BinaryOperator[] Comparisons =
    [
        BinaryOperator.Equal, BinaryOperator.NotEqual, BinaryOperator.Less, BinaryOperator.LessOrEqual, BinaryOperator.Greater,
        BinaryOperator.GreaterOrEqual,
    ];

    private readonly Random _random = new(seed);
    private int _lets;

    public ProbeType Type() => Integers[_random.Next(Integers.Length)];

    public TypedExpression Value(int depth) => Integer(Type(), depth);

    public byte[] Context()
    {
        var context = new byte[ContextSize];
        for (var at = 0; at < ContextSize; at += 8)
            BitConverter.GetBytes(Interesting()).CopyTo(context, at);
        return context;
    }

    public TypedExpression Boolean(int depth)
    {
        if (depth == 0)
            return new CastExpression(Integer(Type(), 0), ProbeType.Boolean);
        switch (_random.Next(8))
        {
            case 0:
                return new UnaryExpression(UnaryOperator.Not, Boolean(depth - 1), ProbeType.Boolean);
            case 1 or 2:
                var logic = _random.Next(2) == 0 ? BinaryOperator.LogicalAnd : BinaryOperator.LogicalOr;
                return new BinaryExpression(logic, Boolean(depth - 1), Boolean(depth - 1), ProbeType.Boolean);
            case 3:
                var type = Type();
                return new InListExpression(
                    Integer(type, depth - 1), [Constant(type), Constant(type), Constant(type)]);
            default:
                var operands = Type();
                return new BinaryExpression(
                    Comparisons[_random.Next(Comparisons.Length)], Integer(operands, depth - 1), Integer(operands, depth - 1),
                    ProbeType.Boolean);
        }
    }

    private TypedExpression Integer(ProbeType type, int depth)
    {
        if (depth == 0)
            return _random.Next(3) == 0 ? Constant(type) : Read(type);
        switch (_random.Next(10))
        {
            case 0:
                return new CastExpression(Integer(Type(), depth - 1), type);
            case 1:
                return new UnaryExpression(
                    _random.Next(2) == 0 ? UnaryOperator.Negate : UnaryOperator.Complement, Integer(type, depth - 1), type);
            case 2 when type.Size > 1:
                return new UnaryExpression(UnaryOperator.NetworkToHost, Integer(type, depth - 1), type);
            case 3:
                return new ConditionalExpression(Boolean(depth - 1), Integer(type, depth - 1), Integer(type, depth - 1));
            case 4:
                return new LetExpression($"let{_lets++}", Integer(type, depth - 1));
            case 5 when depth > 1:
                return new CastExpression(new UnaryExpression(UnaryOperator.Log2, Integer(Type(), depth - 1), ProbeType.U32), type);
            case 6:
                return new CastExpression(Boolean(depth - 1), type);
            default:
                var operation = Arithmetic[_random.Next(Arithmetic.Length)];
                var isShift = operation is BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight;
                return new BinaryExpression(operation, Integer(type, depth - 1), Integer(isShift ? Type() : type, depth - 1), type);
        }
    }

    private ContextRead Read(ProbeType type) => new(_random.Next(ContextSize / 8) * 8, _random.Next(2) == 0 ? 8 : type.Size, type);

    private ConstantExpression Constant(ProbeType type) =>
        new((long)(ulong)(ExpressionOracle.Wrap(Interesting(), type) & ulong.MaxValue), type);

    private ulong Interesting() => _random.Next(6) switch
    {
        0 => 0,
        1 => (ulong)_random.Next(16),
        2 => (ulong)-(long)_random.Next(1, 16),
        3 => 1UL << _random.Next(64),
        4 => (1UL << _random.Next(64)) - 1,
        _ => (ulong)_random.NextInt64(long.MinValue, long.MaxValue),
    };
}
