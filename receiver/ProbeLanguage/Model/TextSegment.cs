namespace EbpfReceiver.ProbeLanguage;

/// <summary>A part of a <see cref="TextTemplate"/>: a text, or a hole with the name of an attribute or an expression in it.</summary>
/// <param name="Literal">The text; empty for a hole.</param>
/// <param name="Name">What stands in the hole, perhaps the name of an attribute; null for a text.</param>
/// <param name="Expression">The hole as an expression; null for a text, and for what can only be a name (<c>system.device</c> can be both).</param>
/// <param name="Decode">How a value is shown, as <c>{args.error:errno}</c> says; empty for as it is.</param>
public sealed record TextSegment(
    string Literal, string? Name = null, ExpressionSource? Expression = null, IReadOnlyList<DecoderSpec>? Decode = null);
