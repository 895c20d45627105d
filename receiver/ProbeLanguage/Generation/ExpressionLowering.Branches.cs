using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

internal sealed partial class ExpressionLowering
{
    /// <summary>Goes to a label if a condition does not hold. What was evaluated for it is there for the code that follows.</summary>
    public void BranchUnless(TypedExpression condition, int label) => Branch(condition, label, false);

    private void Branch(TypedExpression condition, int label, bool when)
    {
        condition = ExpressionTree.Unwrap(condition);
        switch (condition)
        {
            case ConstantExpression constant:
                if (constant.Value != 0 == when)
                    ir.Jump(label);
                break;
            case UnaryExpression { Operator: UnaryOperator.Not } e:
                Branch(e.Operand, label, !when);
                break;
            case BinaryExpression { Operator: BinaryOperator.LogicalAnd or BinaryOperator.LogicalOr } e:
                BranchLogical(e, label, when);
                break;
            case BinaryExpression { Type.Kind: ValueKind.Boolean } e when IsComparison(e.Operator):
                BranchComparison(e, label, when);
                break;
            case CastExpression { Type.Kind: ValueKind.Boolean } e:
                ir.JumpIf(when ? JumpCondition.NotEqual : JumpCondition.Equal, Scalar(e.Operand), 0, label);
                break;
            case TextTestExpression e:
                BranchText(e, label, when);
                break;
            case InListExpression e:
                BranchList(e, label, when);
                break;
            case InPrefixExpression e:
                BranchPrefix(e, label, when);
                break;
            case InSetExpression e:
                ir.JumpIf(when ? JumpCondition.NotEqual : JumpCondition.Equal, InSet(e), 0, label);
                break;
            default:
                ir.JumpIf(when ? JumpCondition.NotEqual : JumpCondition.Equal, Scalar(condition), 0, label);
                break;
        }
    }

    private void BranchLogical(BinaryExpression e, int label, bool when)
    {
        if ((e.Operator == BinaryOperator.LogicalOr) == when)
        {
            // Both are evaluated if it is not gone to.
            Branch(e.Left, label, when);
            Branch(e.Right, label, when);
            return;
        }
        var end = ir.NewLabel();
        Scopes.Open();
        Branch(e.Left, end, !when);
        Branch(e.Right, label, when);
        Scopes.Close();
        ir.Mark(end);
    }

    private void BranchComparison(BinaryExpression e, int label, bool when)
    {
        if (!e.Left.Type.IsScalar)
        {
            BranchEqual(e, label, (e.Operator == BinaryOperator.Equal) == when);
            return;
        }
        var (left, right) = (e.Left, e.Right);
        var condition = Condition(e.Operator, e.Left.Type.IsSigned);
        if (ExpressionTree.Unwrap(left) is ConstantExpression && ExpressionTree.Unwrap(right) is not ConstantExpression)
            (left, right, condition) = (right, left, Mirrored(condition));
        var isEquality = e.Operator is BinaryOperator.Equal or BinaryOperator.NotEqual;
        var a = isEquality ? Scalar(left) : Number(left);
        var b = isEquality ? Operand(right) : NumberOperand(right);
        ir.JumpIf(when ? condition : Inverted(condition), a, b, label);
    }

    private void BranchList(InListExpression e, int label, bool when)
    {
        var end = ir.NewLabel();
        var found = when ? label : end;
        if (e.Value.Type.IsScalar)
        {
            var value = Scalar(e.Value);
            foreach (var constant in e.Constants)
                ir.JumpIf(JumpCondition.Equal, value, ((ConstantExpression)constant).Value, found);
        }
        else
        {
            Object(e.Value);
            foreach (var constant in e.Constants)
                BranchEqual(new(BinaryOperator.Equal, e.Value, constant, ProbeType.Boolean), found, true);
        }
        if (!when)
            ir.Jump(label);
        ir.Mark(end);
    }

    private void BranchPrefix(InPrefixExpression e, int label, bool when)
    {
        var end = ir.NewLabel();
        var found = when ? label : end;
        if (e.Value.Type.Kind == ValueKind.Ip4)
        {
            var address = ir.Swap(Scalar(e.Value), 4);
            foreach (var (network, length) in e.Prefixes)
                JumpIfPrefix(address, (ulong)network, 32, length, found);
        }
        else
        {
            var place = Object(e.Value);
            var high = ir.Swap(ir.Load(place.Base, place.Offset, 8), 8);
            var low = ir.Swap(ir.Load(place.Base, place.Offset + 8, 8), 8);
            foreach (var (network, length) in e.Prefixes)
            {
                var next = ir.NewLabel();
                if (length <= 64)
                {
                    JumpIfPrefix(high, (ulong)(network >> 64), 64, length, found);
                }
                else
                {
                    ir.JumpIf(JumpCondition.NotEqual, high, (long)(ulong)(network >> 64), next);
                    JumpIfPrefix(low, (ulong)network, 64, length - 64, found);
                }
                ir.Mark(next);
            }
        }
        if (!when)
            ir.Jump(label);
        ir.Mark(end);
    }

    private void JumpIfPrefix(int address, ulong network, int width, int length, int label)
    {
        if (length == 0)
            ir.Jump(label);
        else if (length == width)
            ir.JumpIf(JumpCondition.Equal, address, (long)network, label);
        else
            ir.JumpIf(JumpCondition.Equal, ir.Alu(AluOperation.ShiftRight, address, width - length), (long)(network >> (width - length)), label);
    }

    private int InSet(InSetExpression e)
    {
        Sets.Add(e.Set);
        var mark = memory.Mark();
        var key = new MemoryPlace(IrOperand.Stack(ir.TakeStack(8)), 0);
        ir.Store(key.Base, key.Offset, Operand(e.Value), 8);
        var found = ir.Call(BpfHelper.MapLookup, IrOperand.MapNamed(ProbePlan.SetMapName(e.Set)), key.Address);
        memory.Release(mark);
        return found;
    }

    private static bool IsComparison(BinaryOperator operation) => operation is >= BinaryOperator.Equal and <= BinaryOperator.GreaterOrEqual;

    private static JumpCondition Condition(BinaryOperator operation, bool signed) => operation switch
    {
        BinaryOperator.Equal => JumpCondition.Equal,
        BinaryOperator.NotEqual => JumpCondition.NotEqual,
        BinaryOperator.Less => signed ? JumpCondition.Less : JumpCondition.Below,
        BinaryOperator.LessOrEqual => signed ? JumpCondition.LessOrEqual : JumpCondition.BelowOrEqual,
        BinaryOperator.Greater => signed ? JumpCondition.Greater : JumpCondition.Above,
        _ => signed ? JumpCondition.GreaterOrEqual : JumpCondition.AboveOrEqual,
    };

    private static JumpCondition Inverted(JumpCondition condition) => condition switch
    {
        JumpCondition.Equal => JumpCondition.NotEqual,
        JumpCondition.NotEqual => JumpCondition.Equal,
        JumpCondition.Above => JumpCondition.BelowOrEqual,
        JumpCondition.AboveOrEqual => JumpCondition.Below,
        JumpCondition.Below => JumpCondition.AboveOrEqual,
        JumpCondition.BelowOrEqual => JumpCondition.Above,
        JumpCondition.Greater => JumpCondition.LessOrEqual,
        JumpCondition.GreaterOrEqual => JumpCondition.Less,
        JumpCondition.Less => JumpCondition.GreaterOrEqual,
        _ => JumpCondition.Greater,
    };

    private static JumpCondition Mirrored(JumpCondition condition) => condition switch
    {
        JumpCondition.Above => JumpCondition.Below,
        JumpCondition.AboveOrEqual => JumpCondition.BelowOrEqual,
        JumpCondition.Below => JumpCondition.Above,
        JumpCondition.BelowOrEqual => JumpCondition.AboveOrEqual,
        JumpCondition.Greater => JumpCondition.Less,
        JumpCondition.GreaterOrEqual => JumpCondition.LessOrEqual,
        JumpCondition.Less => JumpCondition.Greater,
        JumpCondition.LessOrEqual => JumpCondition.GreaterOrEqual,
        _ => condition,
    };
}
