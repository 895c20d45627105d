namespace EbpfReceiver.ProbeLanguage;

/// <summary>Operators with one operand.</summary>
public enum UnarySyntaxOperator
{
    /// <summary>Minus.</summary>
    Negate,

    /// <summary><c>!</c>, 1 for zero.</summary>
    Not,

    /// <summary><c>~</c>, every bit.</summary>
    Complement,

    /// <summary><c>*</c>, what a pointer points to.</summary>
    Dereference,
}
