namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// An expression whose names are bound and whose types are known. Two that are equal as records have the same value, so they are
/// evaluated once. Operands of an operator have the type that C's conversions give them: the binder has put in the
/// <see cref="CastExpression"/>s.
/// </summary>
/// <param name="Type">The type of its value.</param>
public abstract record TypedExpression(ProbeType Type);
