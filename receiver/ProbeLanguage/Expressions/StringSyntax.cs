namespace EbpfReceiver.ProbeLanguage;

/// <summary>A text in double quotes.</summary>
/// <param name="Span">Its text, quotes included.</param>
/// <param name="Value">What is meant, escapes undone.</param>
public sealed record StringSyntax(TextSpan Span, string Value) : ExpressionSyntax(Span);
