namespace EbpfReceiver.ProbeLanguage;

/// <summary>Estimates what evaluating an expression costs, to order conditions; calls of helpers decide.</summary>
internal static class ExpressionCost
{
    private const int Call = 20;

    public static int Of(TypedExpression expression) => Of(expression, new(ReferenceEqualityComparer.Instance));

    private static int Of(TypedExpression expression, HashSet<TypedExpression> seen)
    {
        if (!seen.Add(expression))
            return 0;
        var cost = expression switch
        {
            MemoryRead { Access: MemoryAccess.Direct } => 2,
            MemoryRead { Type.IsScalar: false } => 2 * Call,
            MemoryRead => Call,
            BuiltinExpression { Builtin: Builtin.Time } => Call,
            BuiltinExpression => Call / 4,
            InSetExpression => Call,
            InListExpression e => e.Constants.Count * (e.Value.Type.IsScalar ? 1 : 4),
            InPrefixExpression e => e.Prefixes.Count * 2,
            TextTestExpression { Test: TextTest.StartsWith } => 2,
            TextTestExpression e => e.Text.Type.Size * 4,
            BinaryExpression { Operator: BinaryOperator.Divide or BinaryOperator.Remainder } => 10,
            UnaryExpression { Operator: UnaryOperator.Log2 } => 18,
            ConstantExpression or LetExpression => 0,
            _ => 1,
        };
        foreach (var child in ExpressionTree.Children(expression))
            cost += Of(child, seen);
        return cost;
    }
}
