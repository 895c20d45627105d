using System.Buffers.Binary;
using System.Numerics;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>The language's arithmetic on constants: as <see cref="BinaryOperator"/> and <see cref="UnaryOperator"/> say.</summary>
internal static class ConstantArithmetic
{
    /// <summary>A value cut to a type and extended by its sign.</summary>
    public static long Cast(long value, ProbeType type) => type.Kind == ValueKind.Boolean
        ? value != 0 ? 1 : 0
        : (type.Size, type.IsSigned) switch
        {
            (1, false) => (byte)value,
            (1, true) => (sbyte)value,
            (2, false) => (ushort)value,
            (2, true) => (short)value,
            (4, false) => (uint)value,
            (4, true) => (int)value,
            _ => value,
        };

    public static long Unary(UnaryOperator operation, long value, ProbeType operand, ProbeType type) => operation switch
    {
        UnaryOperator.Negate => Cast(unchecked(-value), type),
        UnaryOperator.Complement => Cast(~value, type),
        UnaryOperator.Not => value == 0 ? 1 : 0,
        UnaryOperator.NetworkToHost => operand.Size switch
        {
            2 => Cast(BinaryPrimitives.ReverseEndianness((ushort)value), type),
            4 => Cast(BinaryPrimitives.ReverseEndianness((uint)value), type),
            8 => BinaryPrimitives.ReverseEndianness(value),
            _ => value,
        },
        _ => value == 0 || (operand.IsSigned && value < 0) ? 0 : BitOperations.Log2((ulong)value),
    };

    public static long Binary(BinaryOperator operation, long a, long b, ProbeType type)
    {
        unchecked
        {
            var count = (int)b & (type.Size * 8 - 1);
            return operation switch
            {
                BinaryOperator.Add => Cast(a + b, type),
                BinaryOperator.Subtract => Cast(a - b, type),
                BinaryOperator.Multiply => Cast(a * b, type),
                BinaryOperator.Divide => b == 0 ? 0 : Cast(Quotient(a, b, type), type),
                BinaryOperator.Remainder => b == 0 ? a : Cast(Rest(a, b, type), type),
                BinaryOperator.And => a & b,
                BinaryOperator.Or => a | b,
                BinaryOperator.ExclusiveOr => a ^ b,
                BinaryOperator.ShiftLeft => Cast(a << count, type),
                BinaryOperator.ShiftRight => type.IsSigned ? a >> count : (long)((ulong)a >> count),
                BinaryOperator.Minimum => Less(a, b, type) ? a : b,
                BinaryOperator.Maximum => Less(a, b, type) ? b : a,
                BinaryOperator.Equal => a == b ? 1 : 0,
                BinaryOperator.NotEqual => a != b ? 1 : 0,
                BinaryOperator.Less => Less(a, b, type) ? 1 : 0,
                BinaryOperator.LessOrEqual => Less(b, a, type) ? 0 : 1,
                BinaryOperator.Greater => Less(b, a, type) ? 1 : 0,
                BinaryOperator.GreaterOrEqual => Less(a, b, type) ? 0 : 1,
                BinaryOperator.LogicalAnd => a != 0 && b != 0 ? 1 : 0,
                _ => a != 0 || b != 0 ? 1 : 0,
            };
        }
    }

    private static bool Less(long a, long b, ProbeType type) => type.IsSigned ? a < b : (ulong)a < (ulong)b;

    private static long Quotient(long a, long b, ProbeType type) => type.IsSigned
        ? b == -1 ? unchecked(-a) : a / b
        : (long)((ulong)a / (ulong)b);

    private static long Rest(long a, long b, ProbeType type) => type.IsSigned
        ? b == -1 ? 0 : a % b
        : (long)((ulong)a % (ulong)b);
}
