namespace EbpfReceiver.ProbeLanguage;

/// <summary><c>condition ? then : otherwise</c>; only one of the two is evaluated.</summary>
/// <param name="Condition">A boolean.</param>
/// <param name="Then">A scalar.</param>
/// <param name="Otherwise">A scalar of the same type.</param>
public sealed record ConditionalExpression(TypedExpression Condition, TypedExpression Then, TypedExpression Otherwise)
    : TypedExpression(Then.Type);
