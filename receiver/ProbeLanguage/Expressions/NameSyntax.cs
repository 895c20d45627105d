namespace EbpfReceiver.ProbeLanguage;

/// <summary>A single name: a built-in, a name given by <c>let</c>, an enumerator, <c>args</c>, <c>arg0</c>.</summary>
/// <param name="Span">Its text.</param>
/// <param name="Name">The name.</param>
public sealed record NameSyntax(TextSpan Span, string Name) : ExpressionSyntax(Span);
