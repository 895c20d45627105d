namespace EbpfReceiver.ProbeLanguage;

/// <summary>An element: <c>x[2]</c>.</summary>
/// <param name="Span">Its text.</param>
/// <param name="Target">The array or pointer.</param>
/// <param name="Index">Which; constant.</param>
public sealed record IndexSyntax(TextSpan Span, ExpressionSyntax Target, ExpressionSyntax Index) : ExpressionSyntax(Span);
