namespace EbpfReceiver.ProbeLanguage;

/// <summary>Functions of bpftrace about texts, in the words of the probe language.</summary>
internal static class BpftraceText
{
    /// <summary>An expression with comparisons by <c>strncmp</c> replaced by ones that mean the same.</summary>
    /// <exception cref="ExpressionSyntaxException">A strncmp is neither compared with 0 nor a condition, or has no text in quotes.</exception>
    public static ExpressionSyntax Translate(ExpressionSyntax expression) => SyntaxRewriter.Rewrite(expression, part => part switch
    {
        // Zero says that they are equal.
        BinarySyntax { Operator: BinarySyntaxOperator.Equal, Left: CallSyntax { Function: "strncmp" } call, Right: NumberSyntax { Value: 0 } } => Same(call),
        BinarySyntax { Operator: BinarySyntaxOperator.NotEqual, Left: CallSyntax { Function: "strncmp" } call, Right: NumberSyntax { Value: 0 } } => Not(Same(call)),
        UnarySyntax { Operator: UnarySyntaxOperator.Not, Operand: CallSyntax { Function: "strncmp" } call } => Same(call),
        CallSyntax { Function: "strncmp" } call => throw new ExpressionSyntaxException(call.Span, "strncmp is compared with 0: strncmp(x, \"text\", n) == 0"),
        _ => null,
    });

    private static ExpressionSyntax Same(CallSyntax call)
    {
        if (call.Arguments is not [var first, var second, NumberSyntax { Value: > 0 and <= 256 } length] || (first is StringSyntax) == (second is StringSyntax))
            throw new ExpressionSyntaxException(call.Span, "strncmp takes a text in quotes, another text, and how many bytes are compared, from 1 to 256");
        var literal = (StringSyntax)(first is StringSyntax ? first : second);
        ExpressionSyntax text = first is StringSyntax ? second : first;
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(literal.Value);
        // The end of the text counts as a byte: with it the texts are the same, without it one begins with the other.
        if ((int)length.Value > bytes.Length)
            return new BinarySyntax(call.Span, BinarySyntaxOperator.Equal, call.FunctionSpan, text, literal);
        string beginning = System.Text.Encoding.UTF8.GetString(bytes, 0, (int)length.Value);
        return new CallSyntax(call.Span, "startswith", call.FunctionSpan, [text, literal with { Value = beginning }]);
    }

    private static UnarySyntax Not(ExpressionSyntax condition) => new(condition.Span, UnarySyntaxOperator.Not, condition);
}
