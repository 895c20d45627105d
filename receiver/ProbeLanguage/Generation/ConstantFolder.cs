namespace EbpfReceiver.ProbeLanguage;

/// <summary>Evaluates what is constant, and takes out conditions that always hold.</summary>
internal sealed class ConstantFolder
{
    private readonly Dictionary<TypedExpression, TypedExpression> _folded = new(ReferenceEqualityComparer.Instance);

    public static BoundProbe Fold(BoundProbe probe)
    {
        var folder = new ConstantFolder();
        return probe with
        {
            Hooks =
            [
                .. probe.Hooks.Select(h => h with
                {
                    Alternatives =
                    [
                        .. h.Alternatives.Select(a => a with { Programs = [.. a.Programs.Select(folder.Fold)] }),
                    ],
                }),
            ],
        };
    }

    private BoundProgram Fold(BoundProgram program) => program with
    {
        Conditions =
        [
            .. program.Conditions.SelectMany(Conjuncts).Select(c => c with { Expression = Fold(c.Expression) })
                .Where(static c => c.Expression is not ConstantExpression { Value: not 0 }),
        ],
        Key = [.. program.Key.Select(Fold)],
        Captures = [.. program.Captures.Select(Fold)],
        Emissions =
        [
            .. program.Emissions.Select(e => e with
            {
                Attributes = [.. e.Attributes.Select(Fold)],
                Value = e.Value is null ? null : Fold(e.Value),
                When = e.When is null ? null : Fold(e.When),
            }),
        ],
    };

    /// <summary>Each side of a &amp;&amp; is a condition of its own: the cheap ones come first wherever they were written.</summary>
    private static IEnumerable<BoundCondition> Conjuncts(BoundCondition condition) =>
        condition.Expression is BinaryExpression { Operator: BinaryOperator.LogicalAnd } and
            ? Conjuncts(condition with { Expression = and.Left }).Concat(Conjuncts(condition with { Expression = and.Right }))
            : [condition];

    /// <summary>An equal expression, with constants where it is constant.</summary>
    public TypedExpression Fold(TypedExpression expression)
    {
        if (!_folded.TryGetValue(expression, out var folded))
            _folded.Add(expression, folded = FoldOnce(expression));
        return folded;
    }

    private TypedExpression FoldOnce(TypedExpression expression)
    {
        switch (expression)
        {
            case MemoryRead e:
                return e with { Address = Fold(e.Address) };
            case ContextAddress e:
                return e with { Offset = Fold(e.Offset) };
            case LetExpression e:
                var value = Fold(e.Value);
                return value is ConstantExpression or TextConstant ? value : e with { Value = value };
            case UnaryExpression e:
                var operand = Fold(e.Operand);
                return operand is ConstantExpression constant
                    ? new ConstantExpression(ConstantArithmetic.Unary(e.Operator, constant.Value, operand.Type, e.Type), e.Type)
                    : e with { Operand = operand };
            case CastExpression e:
                var inner = Fold(e.Operand);
                return inner is ConstantExpression number
                    ? new ConstantExpression(ConstantArithmetic.Cast(number.Value, e.Type), e.Type)
                    : e with { Operand = inner };
            case BinaryExpression e:
                return Binary(e with { Left = Fold(e.Left), Right = Fold(e.Right) });
            case ConditionalExpression e:
                var condition = Fold(e.Condition);
                return condition is ConstantExpression decided
                    ? Fold(decided.Value != 0 ? e.Then : e.Otherwise)
                    : e with { Condition = condition, Then = Fold(e.Then), Otherwise = Fold(e.Otherwise) };
            case TextTestExpression e:
                return e with { Text = Fold(e.Text) };
            case InListExpression e:
                return e with { Value = Fold(e.Value), Constants = [.. e.Constants.Select(Fold)] };
            case InPrefixExpression e:
                return e with { Value = Fold(e.Value) };
            case InSetExpression e:
                return e with { Value = Fold(e.Value) };
            default:
                return expression;
        }
    }

    private static TypedExpression Binary(BinaryExpression e)
    {
        if (e.Operator is BinaryOperator.LogicalAnd or BinaryOperator.LogicalOr)
        {
            if (e.Left is ConstantExpression left)
                return (left.Value != 0) == (e.Operator == BinaryOperator.LogicalAnd) ? e.Right : left;
            return e;
        }
        if (e.Left is ConstantExpression a && e.Right is ConstantExpression b)
            return new ConstantExpression(ConstantArithmetic.Binary(e.Operator, a.Value, b.Value, e.Left.Type), e.Type);
        if (e.Right is not ConstantExpression right)
            return e;
        var neutral = (e.Operator, right.Value) switch
        {
            (BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Or or BinaryOperator.ExclusiveOr, 0) => true,
            (BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight, 0) => true,
            (BinaryOperator.Multiply or BinaryOperator.Divide, 1) => true,
            _ => false,
        };
        if (neutral && e.Left.Type == e.Type)
            return e.Left;
        // Division by a power of two is a shift, of unsigned numbers.
        if (!e.Type.IsSigned && right.Value > 1 && long.IsPow2(right.Value))
        {
            if (e.Operator == BinaryOperator.Divide)
                return e with { Operator = BinaryOperator.ShiftRight, Right = right with { Value = long.Log2(right.Value) } };
            if (e.Operator == BinaryOperator.Remainder)
                return e with { Operator = BinaryOperator.And, Right = right with { Value = right.Value - 1 } };
        }
        return e;
    }
}
