namespace EbpfReceiver.ProbeLanguage;

/// <summary>A value taken as of another type: <c>as(struct sock, x)</c>, <c>(u32)x</c>, <c>(struct sock *)x</c>.</summary>
/// <param name="Span">Its text.</param>
/// <param name="Type">The type.</param>
/// <param name="Operand">The value.</param>
public sealed record CastSyntax(TextSpan Span, TypeSyntax Type, ExpressionSyntax Operand) : ExpressionSyntax(Span);
