namespace EbpfReceiver.ProbeLanguage;

/// <summary>Values that are known when a probe is bound.</summary>
internal static class Constants
{
    /// <summary>The value of an expression that depends on nothing; of unsigned 64-bit values, the bits.</summary>
    public static bool TryEvaluate(TypedExpression expression, out long value)
    {
        value = 0;
        switch (expression)
        {
            case ConstantExpression constant:
                value = constant.Value;
                return true;
            case CastExpression { Type.Kind: ValueKind.Integer } cast when TryEvaluate(cast.Operand, out long inner):
                value = Cut(inner, cast.Type);
                return true;
            case LetExpression let:
                return TryEvaluate(let.Value, out value);
            case UnaryExpression { Operator: UnaryOperator.Negate } negate when TryEvaluate(negate.Operand, out long operand):
                value = unchecked(-operand);
                return true;
            case UnaryExpression { Operator: UnaryOperator.Complement } complement when TryEvaluate(complement.Operand, out long operand):
                value = ~operand;
                return true;
            case BinaryExpression { Type.IsSigned: true } binary when TryEvaluate(binary.Left, out long left) && TryEvaluate(binary.Right, out long right):
                long? result = unchecked(binary.Operator switch
                {
                    BinaryOperator.Add => left + right,
                    BinaryOperator.Subtract => left - right,
                    BinaryOperator.Multiply => left * right,
                    BinaryOperator.And => left & right,
                    BinaryOperator.Or => left | right,
                    BinaryOperator.ExclusiveOr => left ^ right,
                    BinaryOperator.ShiftLeft => left << (int)(right & 63),
                    BinaryOperator.ShiftRight => left >> (int)(right & 63),
                    BinaryOperator.Divide when right is not (0 or -1) => left / right,
                    BinaryOperator.Remainder when right is not (0 or -1) => left % right,
                    _ => null,
                });
                value = result ?? 0;
                return result is not null;
            default:
                return false;
        }
    }

    /// <summary>A value cut to the width of a type and extended as the type says.</summary>
    public static long Cut(long value, ProbeType type) => (type.Size, type.IsSigned) switch
    {
        (1, true) => (sbyte)value,
        (1, false) => (byte)value,
        (2, true) => (short)value,
        (2, false) => (ushort)value,
        (4, true) => (int)value,
        (4, false) => (uint)value,
        _ => value,
    };
}
