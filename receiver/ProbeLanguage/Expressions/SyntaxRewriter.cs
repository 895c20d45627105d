namespace EbpfReceiver.ProbeLanguage;

/// <summary>Replaces parts of an expression.</summary>
internal static class SyntaxRewriter
{
    /// <summary>The expression with every part replaced for which the function gives another; outer parts are asked first.</summary>
    public static ExpressionSyntax Rewrite(ExpressionSyntax syntax, Func<ExpressionSyntax, ExpressionSyntax?> replace)
    {
        if (replace(syntax) is { } replaced)
            return replaced;
        ExpressionSyntax Inner(ExpressionSyntax part) => Rewrite(part, replace);
        return syntax switch
        {
            MemberSyntax member => member with { Target = Inner(member.Target) },
            IndexSyntax index => index with { Target = Inner(index.Target), Index = Inner(index.Index) },
            CallSyntax call => call with { Arguments = [.. call.Arguments.Select(Inner)] },
            CastSyntax cast => cast with { Operand = Inner(cast.Operand) },
            UnarySyntax unary => unary with { Operand = Inner(unary.Operand) },
            BinarySyntax binary => binary with { Left = Inner(binary.Left), Right = Inner(binary.Right) },
            ConditionalSyntax choice => choice with { Condition = Inner(choice.Condition), WhenTrue = Inner(choice.WhenTrue), WhenFalse = Inner(choice.WhenFalse) },
            MapSyntax map => map with { Keys = [.. map.Keys.Select(Inner)] },
            _ => syntax,
        };
    }

    /// <summary>Whether two expressions say the same, wherever they stand.</summary>
    public static bool SaysTheSame(ExpressionSyntax a, ExpressionSyntax b) => (a, b) switch
    {
        (NumberSyntax x, NumberSyntax y) => x.Value == y.Value,
        (StringSyntax x, StringSyntax y) => x.Value == y.Value,
        (NameSyntax x, NameSyntax y) => x.Name == y.Name,
        (MemberSyntax x, MemberSyntax y) => x.Name == y.Name && SaysTheSame(x.Target, y.Target),
        (IndexSyntax x, IndexSyntax y) => SaysTheSame(x.Target, y.Target) && SaysTheSame(x.Index, y.Index),
        (CallSyntax x, CallSyntax y) => x.Function == y.Function && SaysTheSame(x.Arguments, y.Arguments),
        (CastSyntax x, CastSyntax y) => x.Type with { Span = default } == y.Type with { Span = default } && SaysTheSame(x.Operand, y.Operand),
        (UnarySyntax x, UnarySyntax y) => x.Operator == y.Operator && SaysTheSame(x.Operand, y.Operand),
        (BinarySyntax x, BinarySyntax y) => x.Operator == y.Operator && SaysTheSame(x.Left, y.Left) && SaysTheSame(x.Right, y.Right),
        (MapSyntax x, MapSyntax y) => x.Name == y.Name && SaysTheSame(x.Keys, y.Keys),
        _ => false,
    };

    /// <summary>Whether two lists of expressions say the same.</summary>
    public static bool SaysTheSame(IReadOnlyList<ExpressionSyntax> a, IReadOnlyList<ExpressionSyntax> b) =>
        a.Count == b.Count && a.Zip(b).All(p => SaysTheSame(p.First, p.Second));
}
