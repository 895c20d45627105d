namespace EbpfReceiver.ProbeLanguage;

/// <summary>A part of an expression can't be bound.</summary>
/// <param name="span">Which.</param>
/// <param name="message">What is wrong and what is there instead.</param>
/// <param name="isMissing">Whether another kernel or hook may have what is missing: the next alternative is tried.</param>
internal sealed class BindingException(TextSpan span, string message, bool isMissing = false) : Exception(message)
{
    public TextSpan Span { get; } = span;

    public bool IsMissing { get; } = isMissing;

    /// <summary>The expression that the span is of, where it is not the one being bound but one that a let gave a name.</summary>
    public ExpressionSource? In { get; set; }
}
