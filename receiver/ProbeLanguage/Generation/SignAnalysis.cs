namespace EbpfReceiver.ProbeLanguage;

/// <summary>Whether a value is known not to be below zero, so that nothing has to ask when it is added to a counter.</summary>
internal static class SignAnalysis
{
    /// <summary>Whether no hit that passes the conditions has a value below zero. False is no proof of the contrary.</summary>
    /// <param name="value">An integer.</param>
    /// <param name="conditions">All hold where it is recorded.</param>
    public static bool IsNeverNegative(TypedExpression value, IEnumerable<TypedExpression> conditions) =>
        IsNeverNegative(value) || conditions.Any(c => Implies(c, Core(value)));

    private static bool IsNeverNegative(TypedExpression value) => value switch
    {
        ConstantExpression constant => constant.Value >= 0,
        _ when !value.Type.IsSigned => value.Type.Size < 8 || value is DurationExpression,
        CastExpression cast => cast.Type.Size >= cast.Operand.Type.Size && IsNeverNegative(cast.Operand),
        BinaryExpression { Operator: BinaryOperator.And } both => IsNeverNegative(both.Left) || IsNeverNegative(both.Right),
        BinaryExpression { Operator: BinaryOperator.Maximum } both => IsNeverNegative(both.Left) || IsNeverNegative(both.Right),
        BinaryExpression { Operator: BinaryOperator.Divide or BinaryOperator.Minimum } both => IsNeverNegative(both.Left) && IsNeverNegative(both.Right),
        BinaryExpression { Operator: BinaryOperator.Remainder or BinaryOperator.ShiftRight } shifted => IsNeverNegative(shifted.Left),
        ConditionalExpression choice => IsNeverNegative(choice.Then) && IsNeverNegative(choice.Otherwise),
        LetExpression let => IsNeverNegative(let.Value),
        _ => false,
    };

    // value > 0, value >= 0, 0 < value and what is joined to them by &&.
    private static bool Implies(TypedExpression condition, TypedExpression value) => ExpressionTree.Unwrap(condition) is BinaryExpression test && test.Operator switch
    {
        BinaryOperator.LogicalAnd => Implies(test.Left, value) || Implies(test.Right, value),
        BinaryOperator.Greater => IsAtLeast(test.Left, test.Right, -1, value),
        BinaryOperator.GreaterOrEqual or BinaryOperator.Equal => IsAtLeast(test.Left, test.Right, 0, value),
        BinaryOperator.Less => IsAtLeast(test.Right, test.Left, -1, value),
        BinaryOperator.LessOrEqual => IsAtLeast(test.Right, test.Left, 0, value),
        _ => false,
    };

    private static bool IsAtLeast(TypedExpression greater, TypedExpression bound, long least, TypedExpression value) =>
        greater.Type.IsSigned && Core(bound) is ConstantExpression constant && constant.Value >= least && Core(greater) == value;

    /// <summary>Without conversions that keep its sign.</summary>
    private static TypedExpression Core(TypedExpression value)
    {
        value = ExpressionTree.Unwrap(value);
        while (value is CastExpression { Type.Kind: ValueKind.Integer, Type.IsSigned: true } cast
            && (cast.Operand.Type.IsSigned ? cast.Type.Size >= cast.Operand.Type.Size : cast.Type.Size > cast.Operand.Type.Size))
        {
            value = ExpressionTree.Unwrap(cast.Operand);
        }

        return value;
    }
}
