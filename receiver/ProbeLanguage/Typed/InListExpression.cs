namespace EbpfReceiver.ProbeLanguage;

/// <summary>Whether a value is one of some constants.</summary>
/// <param name="Value">A scalar or a text.</param>
/// <param name="Constants"><see cref="ConstantExpression"/>s or <see cref="TextConstant"/>s of the same type.</param>
public sealed record InListExpression(TypedExpression Value, IReadOnlyList<TypedExpression> Constants) : TypedExpression(ProbeType.Boolean)
{
    /// <summary>By the constants, not by the list that holds them.</summary>
    public bool Equals(InListExpression? other) => other is not null && Value.Equals(other.Value) && Constants.SequenceEqual(other.Constants);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Value, Constants.Count);
}
