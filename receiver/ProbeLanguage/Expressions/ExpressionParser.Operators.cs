namespace EbpfReceiver.ProbeLanguage;

internal sealed partial class ExpressionParser
{
    private const int Relational = 6;

    // Precedence as in C, the loosest first.
    private static (BinarySyntaxOperator Operator, int Precedence)? OperatorOf(string symbol) => symbol switch
    {
        "||" => (BinarySyntaxOperator.Or, 0),
        "&&" => (BinarySyntaxOperator.And, 1),
        "|" => (BinarySyntaxOperator.BitOr, 2),
        "^" => (BinarySyntaxOperator.BitXor, 3),
        "&" => (BinarySyntaxOperator.BitAnd, 4),
        "==" => (BinarySyntaxOperator.Equal, 5),
        "!=" => (BinarySyntaxOperator.NotEqual, 5),
        "<" => (BinarySyntaxOperator.Less, Relational),
        "<=" => (BinarySyntaxOperator.LessOrEqual, Relational),
        ">" => (BinarySyntaxOperator.Greater, Relational),
        ">=" => (BinarySyntaxOperator.GreaterOrEqual, Relational),
        "<<" => (BinarySyntaxOperator.ShiftLeft, 7),
        ">>" => (BinarySyntaxOperator.ShiftRight, 7),
        "+" => (BinarySyntaxOperator.Add, 8),
        "-" => (BinarySyntaxOperator.Subtract, 8),
        "*" => (BinarySyntaxOperator.Multiply, 9),
        "/" => (BinarySyntaxOperator.Divide, 9),
        "%" => (BinarySyntaxOperator.Remainder, 9),
        _ => null,
    };
}
