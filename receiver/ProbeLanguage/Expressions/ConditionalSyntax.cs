namespace EbpfReceiver.ProbeLanguage;

/// <summary>A choice: <c>condition ? a : b</c>.</summary>
/// <param name="Span">Its text.</param>
/// <param name="Condition">What decides.</param>
/// <param name="WhenTrue">The value if it is true.</param>
/// <param name="WhenFalse">The value if not.</param>
public sealed record ConditionalSyntax(
    TextSpan Span, ExpressionSyntax Condition, ExpressionSyntax WhenTrue, ExpressionSyntax WhenFalse) : ExpressionSyntax(Span);
