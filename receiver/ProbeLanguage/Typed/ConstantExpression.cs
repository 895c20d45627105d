namespace EbpfReceiver.ProbeLanguage;

/// <summary>A number, a truth value, or an IPv4 address (its four bytes as a little-endian number).</summary>
/// <param name="Value">The value, sign-extended if the type is signed, else zero-extended.</param>
/// <param name="Type">A scalar type.</param>
public sealed record ConstantExpression(long Value, ProbeType Type) : TypedExpression(Type);
