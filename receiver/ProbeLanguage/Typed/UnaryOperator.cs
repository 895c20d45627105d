namespace EbpfReceiver.ProbeLanguage;

/// <summary>Operators and functions of one operand.</summary>
public enum UnaryOperator
{
    /// <summary><c>-x</c>, wrapping.</summary>
    Negate,

    /// <summary><c>~x</c>.</summary>
    Complement,

    /// <summary><c>!x</c>: a boolean.</summary>
    Not,

    /// <summary><c>ntohs(x)</c>, <c>ntohl(x)</c>: network order to this machine's, in the width of the type.</summary>
    NetworkToHost,

    /// <summary><c>log2(x)</c>: the number of the highest bit that is set, 0 for 0; of signed values below 0 as well.</summary>
    Log2,
}
