namespace EbpfReceiver.ProbeLanguage;

/// <summary>An operator with two operands.</summary>
/// <param name="Span">Its text.</param>
/// <param name="Operator">The operator.</param>
/// <param name="OperatorSpan">The text of the operator.</param>
/// <param name="Left">The left operand.</param>
/// <param name="Right">The right operand.</param>
public sealed record BinarySyntax(
    TextSpan Span, BinarySyntaxOperator Operator, TextSpan OperatorSpan, ExpressionSyntax Left, ExpressionSyntax Right)
    : ExpressionSyntax(Span);
