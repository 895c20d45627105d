namespace EbpfReceiver.ProbeLanguage;

/// <summary>The bytes of a type: <c>sizeof(struct page)</c>. Of a value, it is a <see cref="CallSyntax"/>.</summary>
/// <param name="Span">Its text.</param>
/// <param name="Type">The type.</param>
public sealed record SizeofSyntax(TextSpan Span, TypeSyntax Type) : ExpressionSyntax(Span);
