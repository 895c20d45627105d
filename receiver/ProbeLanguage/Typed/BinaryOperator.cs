namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Operators of two operands. Arithmetic wraps in the width of the type. x / 0 is 0 and x % 0 is x, as BPF has it; the least value
/// divided by -1 is itself. A shift counts modulo the width of the type; &gt;&gt; of a signed value keeps the sign.
/// </summary>
public enum BinaryOperator
{
    /// <summary>+</summary>
    Add,

    /// <summary>-</summary>
    Subtract,

    /// <summary>*</summary>
    Multiply,

    /// <summary>/, towards zero.</summary>
    Divide,

    /// <summary>%, with the sign of the left operand.</summary>
    Remainder,

    /// <summary>&amp;</summary>
    And,

    /// <summary>|</summary>
    Or,

    /// <summary>^</summary>
    ExclusiveOr,

    /// <summary>&lt;&lt;; the right operand may be of any integer type.</summary>
    ShiftLeft,

    /// <summary>&gt;&gt;; the right operand may be of any integer type.</summary>
    ShiftRight,

    /// <summary>min(x, y)</summary>
    Minimum,

    /// <summary>max(x, y)</summary>
    Maximum,

    /// <summary>==, of any two values of one kind; texts are compared up to their NUL.</summary>
    Equal,

    /// <summary>!=</summary>
    NotEqual,

    /// <summary>&lt;</summary>
    Less,

    /// <summary>&lt;=</summary>
    LessOrEqual,

    /// <summary>&gt;</summary>
    Greater,

    /// <summary>&gt;=</summary>
    GreaterOrEqual,

    /// <summary>&amp;&amp;; the right operand is not evaluated if the left is false.</summary>
    LogicalAnd,

    /// <summary>||; the right operand is not evaluated if the left is true.</summary>
    LogicalOr,
}
