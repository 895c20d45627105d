namespace EbpfReceiver.ProbeLanguage;

/// <summary>A function: <c>min(a, b)</c>. <c>x in (a, b)</c> is <c>in(x, a, b)</c>.</summary>
/// <param name="Span">Its text.</param>
/// <param name="Function">The name.</param>
/// <param name="FunctionSpan">The text of the name.</param>
/// <param name="Arguments">In order.</param>
public sealed record CallSyntax(TextSpan Span, string Function, TextSpan FunctionSpan, IReadOnlyList<ExpressionSyntax> Arguments)
    : ExpressionSyntax(Span);
