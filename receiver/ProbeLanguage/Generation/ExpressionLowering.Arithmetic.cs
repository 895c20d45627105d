using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

internal sealed partial class ExpressionLowering
{
    private int Unary(UnaryExpression e)
    {
        if (e.Operator == UnaryOperator.Not)
            return Truth(e);
        var operand = Number(e.Operand);
        return e.Operator switch
        {
            UnaryOperator.Negate => Normalize(Negated(operand), e.Type),
            UnaryOperator.Complement => Normalize(ir.Alu(AluOperation.ExclusiveOr, operand, -1), e.Type),
            UnaryOperator.NetworkToHost when e.Operand.Type.Size > 1 => Swapped(operand, e),
            UnaryOperator.NetworkToHost => operand,
            _ => Log2(operand, e.Operand.Type.IsSigned),
        };
    }

    private int Swapped(int operand, UnaryExpression e)
    {
        var swapped = ir.Swap(operand, e.Operand.Type.Size);
        return e.Type.IsSigned ? Normalize(swapped, e.Type) : swapped;
    }

    private int Negated(int value) => ir.Alu(AluOperation.Negate, value, 0);

    private int Arithmetic(BinaryExpression e)
    {
        var type = e.Type;
        switch (e.Operator)
        {
            case BinaryOperator.Add:
                return Wrapping(AluOperation.Add, e);
            case BinaryOperator.Subtract:
                return Wrapping(AluOperation.Subtract, e);
            case BinaryOperator.Multiply:
                return Wrapping(AluOperation.Multiply, e);
            case BinaryOperator.And:
                return ir.Alu(AluOperation.And, Number(e.Left), NumberOperand(e.Right));
            case BinaryOperator.Or:
                return ir.Alu(AluOperation.Or, Number(e.Left), NumberOperand(e.Right));
            case BinaryOperator.ExclusiveOr:
                return ir.Alu(AluOperation.ExclusiveOr, Number(e.Left), NumberOperand(e.Right));
            case BinaryOperator.ShiftLeft:
                return Normalize(ir.Alu(AluOperation.ShiftLeft, Number(e.Left), ShiftCount(e)), type);
            case BinaryOperator.ShiftRight:
                var shift = type.IsSigned ? AluOperation.ArithmeticShiftRight : AluOperation.ShiftRight;
                return ir.Alu(shift, Number(e.Left), ShiftCount(e));
            case BinaryOperator.Divide or BinaryOperator.Remainder:
                return type.IsSigned ? SignedDivision(e) : UnsignedDivision(e);
            case BinaryOperator.Minimum:
                return Lesser(e, type.IsSigned ? JumpCondition.LessOrEqual : JumpCondition.BelowOrEqual);
            case BinaryOperator.Maximum:
                return Lesser(e, type.IsSigned ? JumpCondition.GreaterOrEqual : JumpCondition.AboveOrEqual);
            default:
                return Truth(e);
        }
    }

    private IrOperand NumberOperand(TypedExpression expression) => ExpressionTree.Unwrap(expression) is ConstantExpression constant
        ? ir.Operand(constant.Value)
        : IrOperand.Of(Number(expression));

    private int Wrapping(AluOperation operation, BinaryExpression e)
    {
        var left = Number(e.Left);
        var right = NumberOperand(e.Right);
        // 32-bit arithmetic clears the upper half by itself.
        return e.Type is { Size: 4, IsSigned: false }
            ? ir.Alu32(operation, left, right)
            : Normalize(ir.Alu(operation, left, right), e.Type);
    }

    private IrOperand ShiftCount(BinaryExpression e)
    {
        var mask = e.Type.Size * 8 - 1;
        return ExpressionTree.Unwrap(e.Right) is ConstantExpression constant
            ? IrOperand.Constant((int)(constant.Value & mask))
            : IrOperand.Of(ir.Alu(AluOperation.And, Number(e.Right), mask));
    }

    private int UnsignedDivision(BinaryExpression e)
    {
        // The verifier refuses a constant 0 and divides by a variable one as BinaryOperator says.
        if (ExpressionTree.Unwrap(e.Right) is ConstantExpression { Value: 0 })
            return e.Operator == BinaryOperator.Divide ? ir.Constant(0) : Number(e.Left);
        var operation = e.Operator == BinaryOperator.Divide ? AluOperation.Divide : AluOperation.Modulo;
        return ir.Alu(operation, Number(e.Left), NumberOperand(e.Right));
    }

    /// <summary>BPF divides unsigned numbers until 6.6: the magnitudes are divided, and the sign is put back.</summary>
    private int SignedDivision(BinaryExpression e)
    {
        var left = Number(e.Left);
        var right = Number(e.Right);
        var operation = e.Operator == BinaryOperator.Divide ? AluOperation.Divide : AluOperation.Modulo;
        var magnitude = ir.Alu(operation, Magnitude(left), IrOperand.Of(Magnitude(right)));
        var sign = e.Operator == BinaryOperator.Divide ? ir.Alu(AluOperation.ExclusiveOr, left, IrOperand.Of(right)) : left;
        var result = ir.Assign(ir.NewRegister(), magnitude);
        var end = ir.NewLabel();
        ir.JumpIf(JumpCondition.GreaterOrEqual, sign, 0, end);
        ir.Alu(AluOperation.Negate, result, result, IrOperand.Constant(0));
        ir.Mark(end);
        return Normalize(result, e.Type);
    }

    private int Magnitude(int value)
    {
        var result = ir.Assign(ir.NewRegister(), value);
        var end = ir.NewLabel();
        ir.JumpIf(JumpCondition.GreaterOrEqual, result, 0, end);
        ir.Alu(AluOperation.Negate, result, result, IrOperand.Constant(0));
        ir.Mark(end);
        return result;
    }

    private int Lesser(BinaryExpression e, JumpCondition keep)
    {
        var right = NumberOperand(e.Right);
        var result = ir.Assign(ir.NewRegister(), Number(e.Left));
        var end = ir.NewLabel();
        ir.JumpIf(keep, result, right, end);
        if (right.Kind == IrOperandKind.Constant)
            ir.Assign(result, right.Value);
        else
            ir.Assign(result, right.Register);
        ir.Mark(end);
        return result;
    }

    /// <summary>The number of the highest bit that is set; 0 for 0, and for what is signed and below 0.</summary>
    private int Log2(int value, bool signed)
    {
        var rest = ir.Assign(ir.NewRegister(), value);
        var result = ir.Assign(ir.NewRegister(), 0L);
        var end = ir.NewLabel();
        if (signed)
            ir.JumpIf(JumpCondition.Less, rest, 0, end);
        HighestBit(ir, rest, result);
        ir.Mark(end);
        return result;
    }

    /// <summary>
    /// Adds the number of the highest bit of a value to a register; the value is used up. Without branches: the verifier would follow each of
    /// the 64 ways through them to the end of the program.
    /// </summary>
    public static void HighestBit(IrBuilder ir, int value, int result)
    {
        for (var step = 5; step > 0; step--)
        {
            // The sign of what is above, negated, says whether there is anything; it is the step as a number of bits.
            var above = ir.Alu(AluOperation.Negate, ir.Alu(AluOperation.ShiftRight, value, 1 << step), 0);
            var bits = ir.Alu(AluOperation.ShiftLeft, ir.Alu(AluOperation.ShiftRight, above, 63), step);
            ir.Alu(AluOperation.ShiftRight, value, value, IrOperand.Of(bits));
            ir.Alu(AluOperation.Add, result, result, IrOperand.Of(bits));
        }
        ir.Alu(AluOperation.ShiftRight, value, value, IrOperand.Constant(1));
        ir.Alu(AluOperation.Add, result, result, IrOperand.Of(value));
    }
}
