namespace EbpfReceiver.ProbeLanguage;

/// <summary>A string literal, in UTF-8 and cut to what its type has room for.</summary>
/// <param name="Value">The string.</param>
/// <param name="Type">A type of kind <see cref="ValueKind.Text"/>.</param>
public sealed record TextConstant(string Value, ProbeType Type) : TypedExpression(Type);
