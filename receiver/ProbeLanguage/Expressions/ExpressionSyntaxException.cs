namespace EbpfReceiver.ProbeLanguage;

/// <summary>An expression can't be read.</summary>
/// <param name="span">Where.</param>
/// <param name="message">What is wrong and what is expected instead.</param>
public sealed class ExpressionSyntaxException(TextSpan span, string message) : Exception(message)
{
    /// <summary>Where, in the text of the expression.</summary>
    public TextSpan Span { get; } = span;
}
