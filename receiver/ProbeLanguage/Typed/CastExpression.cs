namespace EbpfReceiver.ProbeLanguage;

/// <summary>A scalar in another type: cut to its width, then extended by its sign. To boolean: whether it is not 0.</summary>
/// <param name="Operand">A scalar.</param>
/// <param name="Type">A scalar type.</param>
public sealed record CastExpression(TypedExpression Operand, ProbeType Type) : TypedExpression(Type);
