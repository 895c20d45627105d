namespace EbpfReceiver.ProbeLanguage;

/// <summary>A number: <c>42</c>, <c>0xff</c>, <c>1e6</c>, <c>4KiB</c>, <c>'A'</c>; or a time in nanoseconds: <c>20ms</c>.</summary>
/// <param name="Span">Its text.</param>
/// <param name="Value">The value; beyond the range of i64 it is a u64.</param>
/// <param name="IsTime">Whether it was written with a unit of time.</param>
public sealed record NumberSyntax(TextSpan Span, ulong Value, bool IsTime) : ExpressionSyntax(Span);
