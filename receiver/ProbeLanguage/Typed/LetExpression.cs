namespace EbpfReceiver.ProbeLanguage;

/// <summary>A reference to a <c>let</c>. Names are unique in a program, so two references by one name are the same value.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">What it stands for.</param>
public sealed record LetExpression(string Name, TypedExpression Value) : TypedExpression(Value.Type)
{
    /// <summary>By name: a chain of lets that each use the one before twice would take exponential time otherwise.</summary>
    public bool Equals(LetExpression? other) => other is not null && Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
