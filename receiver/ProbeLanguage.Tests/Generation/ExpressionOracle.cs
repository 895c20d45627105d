using System.Numerics;

namespace EbpfReceiver.ProbeLanguage.Tests.Generation;

/// <summary>
/// Evaluates expressions by the definition of the operators: in integers without bound, wrapped at the end. Shares nothing with the compiler.
/// </summary>
internal static class ExpressionOracle
{
    public static BigInteger Evaluate(TypedExpression expression, byte[] context) => expression switch
    {
        ConstantExpression e => Wrap(e.Value, e.Type),
        ContextRead e => Wrap(new BigInteger(context.AsSpan(e.Offset, e.Width), isUnsigned: true), e.Type),
        LetExpression e => Evaluate(e.Value, context),
        CastExpression { Type.Kind: ValueKind.Boolean } e => Evaluate(e.Operand, context).IsZero ? 0 : 1,
        CastExpression e => Wrap(Evaluate(e.Operand, context), e.Type),
        ConditionalExpression e => Evaluate(Evaluate(e.Condition, context).IsZero ? e.Otherwise : e.Then, context),
        InListExpression e => e.Constants.Any(c => Evaluate(c, context) == Evaluate(e.Value, context)) ? 1 : 0,
        UnaryExpression e => Unary(e, Evaluate(e.Operand, context)),
        BinaryExpression e => Binary(e, Evaluate(e.Left, context), Evaluate(e.Right, context)),
        _ => throw new InvalidOperationException(expression.ToString()),
    };

    public static BigInteger Wrap(BigInteger value, ProbeType type)
    {
        var modulus = BigInteger.One << (type.Size * 8);
        value = ((value % modulus) + modulus) % modulus;
        return type.IsSigned && value >= modulus >> 1 ? value - modulus : value;
    }

    private static BigInteger Unary(UnaryExpression e, BigInteger x)
    {
        switch (e.Operator)
        {
            case UnaryOperator.Negate:
                return Wrap(-x, e.Type);
            case UnaryOperator.Complement:
                return Wrap(-x - 1, e.Type);
            case UnaryOperator.Not:
                return x.IsZero ? 1 : 0;
            case UnaryOperator.NetworkToHost:
                BigInteger swapped = 0;
                var rest = Wrap(x, ProbeType.Integer(e.Type.Size, false));
                for (var i = 0; i < e.Type.Size; i++, rest >>= 8)
                    swapped = (swapped << 8) + (rest & 255);
                return Wrap(swapped, e.Type);
            default:
                var bit = 0;
                for (; x > 1; x >>= 1)
                    bit++;
                return bit;
        }
    }

    private static BigInteger Binary(BinaryExpression e, BigInteger x, BigInteger y)
    {
        var bits = e.Type.Size * 8;
        var count = (int)(((y % bits) + bits) % bits);
        return e.Operator switch
        {
            BinaryOperator.Add => Wrap(x + y, e.Type),
            BinaryOperator.Subtract => Wrap(x - y, e.Type),
            BinaryOperator.Multiply => Wrap(x * y, e.Type),
            BinaryOperator.Divide => y.IsZero ? 0 : Wrap(BigInteger.Divide(x, y), e.Type),
            BinaryOperator.Remainder => y.IsZero ? x : Wrap(BigInteger.Remainder(x, y), e.Type),
            BinaryOperator.And => Wrap(x & y, e.Type),
            BinaryOperator.Or => Wrap(x | y, e.Type),
            BinaryOperator.ExclusiveOr => Wrap(x ^ y, e.Type),
            BinaryOperator.ShiftLeft => Wrap(x << count, e.Type),
            BinaryOperator.ShiftRight => Wrap(x >> count, e.Type),
            BinaryOperator.Minimum => BigInteger.Min(x, y),
            BinaryOperator.Maximum => BigInteger.Max(x, y),
            BinaryOperator.Equal => x == y ? 1 : 0,
            BinaryOperator.NotEqual => x != y ? 1 : 0,
            BinaryOperator.Less => x < y ? 1 : 0,
            BinaryOperator.LessOrEqual => x <= y ? 1 : 0,
            BinaryOperator.Greater => x > y ? 1 : 0,
            BinaryOperator.GreaterOrEqual => x >= y ? 1 : 0,
            BinaryOperator.LogicalAnd => !x.IsZero && !y.IsZero ? 1 : 0,
            _ => !x.IsZero || !y.IsZero ? 1 : 0,
        };
    }
}
