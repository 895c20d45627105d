namespace EbpfReceiver.ProbeLanguage;

/// <summary>An operator with two operands.</summary>
/// <param name="Operator">The operator.</param>
/// <param name="Left">Left operand.</param>
/// <param name="Right">Right operand, of the same type (except for shifts).</param>
/// <param name="Type">Type of the operands for arithmetic, boolean for comparisons and logic.</param>
public sealed record BinaryExpression(BinaryOperator Operator, TypedExpression Left, TypedExpression Right, ProbeType Type)
    : TypedExpression(Type);
