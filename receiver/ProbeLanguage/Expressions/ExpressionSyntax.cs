namespace EbpfReceiver.ProbeLanguage;

/// <summary>A node of an expression as it was written; nothing is known of types yet.</summary>
/// <param name="Span">The text of the node.</param>
public abstract record ExpressionSyntax(TextSpan Span);
