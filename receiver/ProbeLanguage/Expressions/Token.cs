namespace EbpfReceiver.ProbeLanguage;

/// <summary>A word of an expression.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Span">Where it is.</param>
/// <param name="Text">A name or symbol as written; what a quoted text means.</param>
/// <param name="Number">The value of a number.</param>
/// <param name="IsTime">Whether a number has a unit of time.</param>
internal readonly record struct Token(TokenKind Kind, TextSpan Span, string Text, ulong Number = 0, bool IsTime = false)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    public bool IsName(string name) => Kind == TokenKind.Name && Text == name;
}
