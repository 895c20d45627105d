using System.Buffers.Binary;
using System.Text;
using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

internal sealed partial class ExpressionLowering
{
    /// <summary>A string or IPv6 address in memory. Strings are filled up with zeros.</summary>
    public MemoryPlace Object(TypedExpression expression)
    {
        expression = ExpressionTree.Unwrap(expression);
        if (expression is CapturedValue captured)
            return Captures!.Place(captured.Index);
        if (Scopes.TryPlace(expression, out var known))
            return known;
        var place = memory.Take(expression.Type.Size);
        Fill(expression, place);
        return Scopes.Keep(expression, place);
    }

    /// <summary>Writes a value where it belongs, in so many bytes as its type has.</summary>
    public void StoreTo(TypedExpression expression, MemoryPlace place)
    {
        expression = ExpressionTree.Unwrap(expression);
        if (expression.Type.IsScalar)
            ir.Store(place.Base, place.Offset, Operand(expression), expression.Type.Size);
        else if (expression is CapturedValue || Scopes.TryPlace(expression, out _))
            Copy(Object(expression), place, expression.Type.Size);
        else
            Fill(expression, place);
    }

    /// <summary>Writes zeros.</summary>
    public void Clear(MemoryPlace place, int size)
    {
        foreach (var (offset, width) in Pieces(place.Offset, size))
            ir.Store(place.Base, place.Offset + offset, IrOperand.Constant(0), width);
    }

    private void Copy(MemoryPlace from, MemoryPlace to, int size)
    {
        foreach (var (offset, width) in Pieces(from.Offset | to.Offset, size))
            ir.Store(to.Base, to.Offset + offset, IrOperand.Of(ir.Load(from.Base, from.Offset + offset, width)), width);
    }

    private void Fill(TypedExpression expression, MemoryPlace place)
    {
        var size = expression.Type.Size;
        switch (expression)
        {
            case TextConstant constant:
                StoreBytes(BytesOf(constant.Value, size), place);
                break;
            case Ip6Constant constant:
                var address = new byte[16];
                BinaryPrimitives.WriteUInt128BigEndian(address, constant.Value);
                StoreBytes(address, place);
                break;
            case BuiltinExpression { Builtin: Builtin.ThreadName }:
                ir.Call(BpfHelper.CurrentThreadName, place.Address, IrOperand.Constant(size));
                break;
            case MemoryRead { Type.Kind: ValueKind.Text } read:
                // The kernel writes to the NUL and no further.
                Clear(place, size);
                ir.Call(
                    read.Access == MemoryAccess.User ? BpfHelper.ReadUserText : BpfHelper.ReadKernelText,
                    place.Address, IrOperand.Constant(size), AddressOf(read.Address, read.Offset));
                break;
            case MemoryRead read:
                Read(read.Access, place, size, read.Address, read.Offset);
                break;
            default:
                throw new BpfException($"A value of type {expression.Type} can't be the result of this expression.");
        }
    }

    private void StoreBytes(ReadOnlySpan<byte> bytes, MemoryPlace place)
    {
        foreach (var (offset, width) in Pieces(place.Offset, bytes.Length))
            ir.Store(place.Base, place.Offset + offset, ir.Operand(Chunk(bytes, offset, width)), width);
    }

    /// <summary>Two texts or addresses; goes to the label if whether they are equal is what is asked.</summary>
    private void BranchEqual(BinaryExpression e, int label, bool when)
    {
        var (left, right) = (ExpressionTree.Unwrap(e.Left), ExpressionTree.Unwrap(e.Right));
        if (left is TextConstant or Ip6Constant)
            (left, right) = (right, left);
        var end = ir.NewLabel();
        var differ = when ? end : label;
        if (right is TextConstant text)
        {
            JumpUnlessBytes(Object(left), left.Type.Size, BytesOf(text.Value, Encoding.UTF8.GetByteCount(text.Value) + 1), differ);
        }
        else if (right is Ip6Constant address)
        {
            var bytes = new byte[16];
            BinaryPrimitives.WriteUInt128BigEndian(bytes, address.Value);
            JumpUnlessBytes(Object(left), 16, bytes, differ);
        }
        else
        {
            JumpUnlessSame(left, right, differ);
        }
        if (when)
            ir.Jump(label);
        ir.Mark(end);
    }

    private void JumpUnlessSame(TypedExpression left, TypedExpression right, int differ)
    {
        var (a, b) = (Object(left), Object(right));
        var common = Math.Min(left.Type.Size, right.Type.Size);
        foreach (var (offset, width) in Pieces(a.Offset | b.Offset, common))
        {
            ir.JumpIf(
                JumpCondition.NotEqual, ir.Load(a.Base, a.Offset + offset, width),
                IrOperand.Of(ir.Load(b.Base, b.Offset + offset, width)), differ);
        }
        // The longer one must end where the shorter one has no more room.
        if (left.Type.Size != right.Type.Size)
        {
            var longer = left.Type.Size > common ? a : b;
            ir.JumpIf(JumpCondition.NotEqual, ir.Load(longer.Base, longer.Offset + common, 1), 0, differ);
        }
    }

    private void BranchText(TextTestExpression e, int label, bool when)
    {
        var end = ir.NewLabel();
        var literal = Encoding.UTF8.GetBytes(e.Literal);
        var place = Object(e.Text);
        if (e.Test == TextTest.StartsWith || literal.Length == 0)
            JumpUnlessBytes(place, e.Text.Type.Size, literal, when ? end : label);
        else if (e.Test == TextTest.EndsWith)
            new TextSearch(ir, literal).JumpUnlessEnd(place, e.Text.Type.Size, when ? end : label);
        else
            new TextSearch(ir, literal).JumpUnlessFound(place, e.Text.Type.Size, when ? end : label);
        if (when)
            ir.Jump(label);
        ir.Mark(end);
    }

    /// <summary>Goes to a label unless a place of so many bytes begins with given ones.</summary>
    private void JumpUnlessBytes(MemoryPlace place, int size, ReadOnlySpan<byte> bytes, int differ)
    {
        if (bytes.Length > size)
        {
            ir.Jump(differ);
            return;
        }
        for (var offset = 0; offset < bytes.Length;)
        {
            var rest = bytes.Length - offset;
            // A few bytes too many are masked: one load instead of up to three.
            if ((offset | place.Offset) % 8 == 0 && offset + 8 <= size)
            {
                var value = ir.Load(place.Base, place.Offset + offset, 8);
                if (rest < 8)
                    value = ir.Alu(AluOperation.And, value, (1L << (rest * 8)) - 1);
                ir.JumpIf(JumpCondition.NotEqual, value, Chunk(bytes, offset, Math.Min(rest, 8)), differ);
                offset += 8;
                continue;
            }
            var width = 4;
            while (width > rest || (offset | place.Offset) % width != 0)
                width /= 2;
            ir.JumpIf(
                JumpCondition.NotEqual, ir.Load(place.Base, place.Offset + offset, width), Chunk(bytes, offset, width), differ);
            offset += width;
        }
    }

    private static byte[] BytesOf(string text, int size)
    {
        var bytes = new byte[size];
        var utf8 = Encoding.UTF8.GetBytes(text);
        utf8.AsSpan(0, Math.Min(utf8.Length, size)).CopyTo(bytes);
        return bytes;
    }

    private static long Chunk(ReadOnlySpan<byte> bytes, int offset, int width)
    {
        ulong value = 0;
        for (var i = width - 1; i >= 0; i--)
            value = (value << 8) | bytes[offset + i];
        // A narrow constant is compared with a zero-extended load, and stored from its lowest bytes.
        return (long)value;
    }

    /// <summary>Cuts a range into aligned pieces of 8, 4, 2 and 1 bytes.</summary>
    private static List<(int Offset, int Width)> Pieces(int alignment, int size)
    {
        var pieces = new List<(int, int)>();
        for (var offset = 0; offset < size;)
        {
            var width = 8;
            while (width > size - offset || ((alignment | offset) & (width - 1)) != 0)
                width /= 2;
            pieces.Add((offset, width));
            offset += width;
        }
        return pieces;
    }
}
