namespace EbpfReceiver.ProbeLanguage;

/// <summary>A field: <c>x.name</c>, or <c>x->name</c>, which means the same.</summary>
/// <param name="Span">Its text.</param>
/// <param name="Target">What has the field.</param>
/// <param name="Name">The field.</param>
/// <param name="NameSpan">The text of the field's name.</param>
public sealed record MemberSyntax(TextSpan Span, ExpressionSyntax Target, string Name, TextSpan NameSpan) : ExpressionSyntax(Span);
