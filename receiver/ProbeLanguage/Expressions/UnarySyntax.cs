namespace EbpfReceiver.ProbeLanguage;

/// <summary>An operator with one operand.</summary>
/// <param name="Span">Its text.</param>
/// <param name="Operator">The operator.</param>
/// <param name="Operand">The operand.</param>
public sealed record UnarySyntax(TextSpan Span, UnarySyntaxOperator Operator, ExpressionSyntax Operand) : ExpressionSyntax(Span);
