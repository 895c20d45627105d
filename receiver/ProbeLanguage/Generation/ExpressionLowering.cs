using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Writes code that evaluates expressions of one program. A value in a register is always extended to 64 bits by the sign of its type, so that
/// 64-bit comparisons are right for all types.
/// </summary>
internal sealed partial class ExpressionLowering(IrBuilder ir, ObjectMemory memory, ReadMerging reads)
{
    private static readonly BuiltinExpression Ids = new(Builtin.ProcessAndThreadId, ProbeType.U64);

    /// <summary>What has been evaluated.</summary>
    public ValueScopes Scopes { get; } = new();

    /// <summary>Where captured values are: the value of the start map's entry. Set before one is asked for.</summary>
    public CapturePlaces? Captures { get; set; }

    /// <summary>Names of the sets that were asked for.</summary>
    public HashSet<string> Sets { get; } = new(StringComparer.Ordinal);

    /// <summary>The value as an operand.</summary>
    public IrOperand Operand(TypedExpression expression) =>
        ExpressionTree.Unwrap(expression) is ConstantExpression constant ? ir.Operand(constant.Value) : IrOperand.Of(Scalar(expression));

    /// <summary>The value in a register. Typed pointers are left as they are.</summary>
    public int Scalar(TypedExpression expression)
    {
        expression = ExpressionTree.Unwrap(expression);
        if (expression is ConstantExpression constant)
            return ir.Constant(constant.Value);
        return Scopes.TryRegister(expression, out var known) ? known : Scopes.Keep(expression, Evaluate(expression));
    }

    /// <summary>The value in a register, as a number that may be calculated with.</summary>
    public int Number(TypedExpression expression)
    {
        var value = Scalar(expression);
        // The verifier forbids arithmetic on typed pointers; what comes out of a change of byte order is a number to it.
        return IsPointer(expression) ? ir.Swap(ir.Swap(value, 8), 8) : value;
    }

    /// <summary>Cuts a value to a type and extends it again.</summary>
    public int Normalize(int value, ProbeType type)
    {
        if (type.Size == 8)
            return value;
        if (type.IsSigned)
        {
            var unused = 64 - type.Size * 8;
            return ir.Alu(AluOperation.ArithmeticShiftRight, ir.Alu(AluOperation.ShiftLeft, value, unused), unused);
        }
        return type.Size == 4 ? ir.LowerHalf(value) : ir.Alu(AluOperation.And, value, (1L << (type.Size * 8)) - 1);
    }

    private static bool IsPointer(TypedExpression expression) => ExpressionTree.Unwrap(expression)
        is ContextRead { IsTypedPointer: true }
        or MemoryRead { Access: MemoryAccess.Direct, IsTypedPointer: true }
        or ContextAddress;

    private int Evaluate(TypedExpression expression) => expression switch
    {
        ContextRead e => Context(e),
        ContextAddress e => ir.Alu(AluOperation.Add, ir.Context, Operand(e.Offset)),
        MemoryRead { Access: MemoryAccess.Direct } e => Direct(e),
        MemoryRead e => Field(e, ReadByHelper(e)),
        BuiltinExpression e => BuiltIn(e.Builtin),
        UnaryExpression e => Unary(e),
        BinaryExpression { Type.Kind: not ValueKind.Boolean } e => Arithmetic(e),
        CastExpression { Type.Kind: not ValueKind.Boolean } e => Cast(e),
        ConditionalExpression e => Conditional(e),
        CapturedValue e => Narrowed(Captured(e), e.Type, e.Type.Size),
        DurationExpression => ir.Alu(
            AluOperation.Subtract, Scalar(new BuiltinExpression(Builtin.Time, ProbeType.U64)),
            IrOperand.Of(ir.Load(Captures!.Entry.Base, Captures.Entry.Offset + StartEntry.Time, 8))),
        _ => Truth(expression),
    };

    private int Context(ContextRead read) =>
        Narrowed(ir.Load(IrOperand.Of(ir.Context), read.Offset, read.Width), read.Type, read.Width);

    private int Captured(CapturedValue value)
    {
        var place = Captures!.Place(value.Index);
        return ir.Load(place.Base, place.Offset, value.Type.Size);
    }

    /// <summary>Of a zero-extended value of so many bytes, what a narrower or signed type makes of it.</summary>
    private int Narrowed(int value, ProbeType type, int width) => type.IsSigned || type.Size < width ? Normalize(value, type) : value;

    private int Direct(MemoryRead read)
    {
        var address = Scalar(read.Address);
        var value = ir.NewRegister();
        var end = ir.NewLabel();
        // The kernel catches loads from 0, but the verifier knows pointers that it wants compared with it first.
        ir.Assign(value, 0L);
        ir.JumpIf(JumpCondition.Equal, address, 0, end);
        ir.Load(value, IrOperand.Of(address), read.Offset, ReadMerging.SizeOf(read));
        ir.Mark(end);
        return Field(read, value);
    }

    private int ReadByHelper(MemoryRead read)
    {
        var size = ReadMerging.SizeOf(read);
        if (reads.ClusterOf(read) is { } cluster)
        {
            // As far from a multiple of 8 as in the object: the stack allows aligned loads only.
            var shift = cluster.Start & 7;
            if (!Scopes.TryPlace(cluster, out var place))
            {
                place = Scopes.Keep(cluster, new(IrOperand.Stack(ir.TakeStack(cluster.Size + shift)), shift));
                Read(read.Access, place, cluster.Size, cluster.Address, cluster.Start);
            }
            return ir.Load(place.Base, place.Offset + read.Offset - cluster.Start, size);
        }

        var mark = memory.Mark();
        var single = new MemoryPlace(IrOperand.Stack(ir.TakeStack(8)), 0);
        Read(read.Access, single, size, read.Address, read.Offset);
        var value = ir.Load(single.Base, single.Offset, size);
        memory.Release(mark);
        return value;
    }

    private void Read(MemoryAccess access, MemoryPlace place, int size, TypedExpression address, int offset) => ir.Call(
        access == MemoryAccess.User ? BpfHelper.ReadUser : BpfHelper.ReadKernel,
        place.Address, IrOperand.Constant(size), AddressOf(address, offset));

    private IrOperand AddressOf(TypedExpression address, int offset) => IrOperand.RegisterOffset(Scalar(address), offset);

    /// <summary>The field in what was loaded: all of it, or its bits.</summary>
    private int Field(MemoryRead read, int loaded)
    {
        if (read.Bits is not { } bits)
            return Narrowed(loaded, read.Type, read.Type.Size);
        var raised = ir.Alu(AluOperation.ShiftLeft, loaded, 64 - bits.Shift - bits.Width);
        return ir.Alu(read.Type.IsSigned ? AluOperation.ArithmeticShiftRight : AluOperation.ShiftRight, raised, 64 - bits.Width);
    }

    private int BuiltIn(Builtin builtin) => builtin switch
    {
        Builtin.ProcessId => ir.Alu(AluOperation.ShiftRight, Scalar(Ids), 32),
        Builtin.ThreadId => ir.LowerHalf(Scalar(Ids)),
        Builtin.ProcessAndThreadId => ir.Call(BpfHelper.CurrentProcessAndThread),
        Builtin.UserId => ir.LowerHalf(ir.Call(BpfHelper.CurrentUserAndGroup)),
        Builtin.GroupId => ir.Alu(AluOperation.ShiftRight, ir.Call(BpfHelper.CurrentUserAndGroup), 32),
        Builtin.Cpu => ir.Call(BpfHelper.CurrentCpu),
        Builtin.Time => ir.Call(BpfHelper.MonotonicTime),
        Builtin.CgroupId => ir.Call(BpfHelper.CurrentCgroup),
        Builtin.CurrentTask => ir.Call(BpfHelper.CurrentTask),
        Builtin.Random => ir.LowerHalf(ir.Call(BpfHelper.Random)),
        Builtin.FunctionAddress => ir.Call(BpfHelper.FunctionAddress, IrOperand.Of(ir.Context)),
        _ => throw new ArgumentOutOfRangeException(nameof(builtin), builtin, "It is no number."),
    };

    private int Cast(CastExpression cast)
    {
        var (from, to) = (cast.Operand.Type, cast.Type);
        var value = Number(cast.Operand);
        var same = to.Size == 8 || from == to || (from.Size < to.Size && (!from.IsSigned || to.IsSigned));
        return same ? value : Normalize(value, to);
    }

    private int Conditional(ConditionalExpression e)
    {
        var value = ir.NewRegister();
        var (otherwise, end) = (ir.NewLabel(), ir.NewLabel());
        Scopes.Open();
        BranchUnless(e.Condition, otherwise);
        ir.Assign(value, Number(e.Then));
        ir.Jump(end);
        Scopes.Close();
        ir.Mark(otherwise);
        Scopes.Open();
        ir.Assign(value, Number(e.Otherwise));
        Scopes.Close();
        ir.Mark(end);
        return value;
    }

    /// <summary>1 if it is true, else 0.</summary>
    private int Truth(TypedExpression expression)
    {
        var value = ir.NewRegister();
        var end = ir.NewLabel();
        ir.Assign(value, 0L);
        Scopes.Open();
        BranchUnless(expression, end);
        ir.Assign(value, 1L);
        Scopes.Close();
        ir.Mark(end);
        return value;
    }
}
