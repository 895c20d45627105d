namespace EbpfReceiver.ProbeLanguage;

/// <summary>An operator with one operand.</summary>
/// <param name="Operator">The operator.</param>
/// <param name="Operand">A scalar; of the type of the result except for <c>!</c> and log2.</param>
/// <param name="Type">Type of the result.</param>
public sealed record UnaryExpression(UnaryOperator Operator, TypedExpression Operand, ProbeType Type) : TypedExpression(Type);
