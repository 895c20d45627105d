namespace EbpfReceiver.ProbeLanguage;

/// <summary>The operands of expressions.</summary>
internal static class ExpressionTree
{
    public static IReadOnlyList<TypedExpression> Children(TypedExpression expression) => expression switch
    {
        MemoryRead e => [e.Address],
        ContextAddress e => [e.Offset],
        UnaryExpression e => [e.Operand],
        BinaryExpression e => [e.Left, e.Right],
        CastExpression e => [e.Operand],
        ConditionalExpression e => [e.Condition, e.Then, e.Otherwise],
        TextTestExpression e => [e.Text],
        InListExpression e => [e.Value],
        InPrefixExpression e => [e.Value],
        InSetExpression e => [e.Value],
        LetExpression e => [e.Value],
        _ => [],
    };

    /// <summary>The expression that a let stands for.</summary>
    public static TypedExpression Unwrap(TypedExpression expression)
    {
        while (expression is LetExpression let)
            expression = let.Value;
        return expression;
    }

    /// <summary>Whether some part of it is such an expression; parts that are shared are looked at once.</summary>
    public static bool Contains(TypedExpression root, Predicate<TypedExpression> predicate)
    {
        var seen = new HashSet<TypedExpression>(ReferenceEqualityComparer.Instance);
        var open = new Stack<TypedExpression>();
        open.Push(root);
        while (open.TryPop(out var expression))
        {
            if (!seen.Add(expression))
                continue;
            if (predicate(expression))
                return true;
            foreach (var child in Children(expression))
                open.Push(child);
        }
        return false;
    }
}
