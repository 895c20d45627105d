using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EbpfReceiver.ProbeLanguage;

internal sealed partial class ExpressionBinder
{
    private static bool IsAddress(ValueOperand value) => value.ValueType.Kind is ValueKind.Ip4 or ValueKind.Ip6;

    private static TypedExpression AddressTest(ValueOperand address, TextConstant text, BinaryOperator op, BinarySyntax binary)
    {
        if (op is not (BinaryOperator.Equal or BinaryOperator.NotEqual))
            throw new BindingException(binary.OperatorSpan, "addresses are compared with == and !=, or in(x, \"10.0.0.0/8\")");
        TypedExpression value = address.ValueType.Kind == ValueKind.Integer ? new CastExpression(address.Expression, ProbeType.Ip4) : address.Expression;
        if (text.Value.Contains('/'))
        {
            TypedExpression within = new InPrefixExpression(value, [ReadPrefix(text.Value, value.Type, binary.Right.Span)]);
            return op == BinaryOperator.Equal ? within : new UnaryExpression(UnaryOperator.Not, within, ProbeType.Boolean);
        }

        return new BinaryExpression(op, value, AddressConstant(text.Value, value.Type, binary.Right.Span), ProbeType.Boolean);
    }

    private static BinaryExpression CompareAddresses(ValueOperand left, ValueOperand right, BinaryOperator op, BinarySyntax binary)
    {
        if (op is not (BinaryOperator.Equal or BinaryOperator.NotEqual))
            throw new BindingException(binary.OperatorSpan, "addresses are compared with == and != only");
        (TypedExpression first, TypedExpression second) = (left.Expression, right.Expression);
        // A number meets an IPv4 address as the four bytes in memory are one.
        if (first.Type.Kind == ValueKind.Ip4 && second.Type.Kind == ValueKind.Integer)
            second = second is ConstantExpression { Value: var n } ? new ConstantExpression(unchecked((long)(uint)n), ProbeType.Ip4) : new CastExpression(second, ProbeType.Ip4);
        if (second.Type.Kind == ValueKind.Ip4 && first.Type.Kind == ValueKind.Integer)
            first = first is ConstantExpression { Value: var n } ? new ConstantExpression(unchecked((long)(uint)n), ProbeType.Ip4) : new CastExpression(first, ProbeType.Ip4);
        if (first.Type != second.Type)
            throw new BindingException(binary.Span, $"an {(first.Type.Kind == ValueKind.Ip4 ? "IPv4" : "IPv6")} address is compared with {second.Type}; write addresses as texts: \"10.0.0.1\"");
        return new(op, first, second, ProbeType.Boolean);
    }

    private static TypedExpression AddressConstant(string text, ProbeType type, TextSpan span)
    {
        IPAddress address = ReadAddress(text, type, span);
        byte[] bytes = address.GetAddressBytes();
        return type.Kind == ValueKind.Ip4
            ? new ConstantExpression(BitConverter.ToUInt32(bytes), ProbeType.Ip4)
            : new Ip6Constant(BigEndian(bytes));
    }

    private static IpPrefix ReadPrefix(string text, ProbeType type, TextSpan span)
    {
        int slash = text.IndexOf('/');
        IPAddress address = ReadAddress(slash < 0 ? text : text[..slash], type, span);
        int bits = type.Kind == ValueKind.Ip4 ? 32 : 128;
        int length = bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bits))
            throw new BindingException(span, $"\"{text}\" has no prefix length from 0 to {bits}");
        UInt128 network = BigEndian(address.GetAddressBytes());
        UInt128 mask = length == 0 ? UInt128.Zero : ~UInt128.Zero << (bits - length);
        if (bits == 32)
            mask &= uint.MaxValue;
        return new(network & mask, length);
    }

    private static IPAddress ReadAddress(string text, ProbeType type, TextSpan span)
    {
        AddressFamily wanted = type.Kind == ValueKind.Ip4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        // "1.2" is an address to the platform, and a slip here.
        if (IPAddress.TryParse(text, out IPAddress? address) && (address.AddressFamily != AddressFamily.InterNetwork || text.Count(c => c == '.') == 3))
        {
            if (address.AddressFamily == wanted)
                return address;
            throw new BindingException(span, wanted == AddressFamily.InterNetwork
                ? $"\"{text}\" is an IPv6 address, and the other side is IPv4"
                : $"\"{text}\" is an IPv4 address, and the other side is IPv6; an IPv4 address within IPv6 is \"::ffff:{text}\"");
        }

        throw new BindingException(span, $"\"{text}\" is no IP address");
    }

    private static UInt128 BigEndian(byte[] bytes)
    {
        UInt128 result = 0;
        foreach (byte b in bytes)
            result = (result << 8) | b;
        return result;
    }
}
