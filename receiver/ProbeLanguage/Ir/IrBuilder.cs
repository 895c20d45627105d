using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Writes the intermediate representation of one program, and hands out its stack.</summary>
internal sealed class IrBuilder
{
    private readonly List<IrInstruction> _code = [];
    private int _registers;
    private int _labels;
    private int _stack;

    /// <param name="source">Line that the program begins with: the kernel takes no lines unless the first instruction has one.</param>
    public IrBuilder(SourceText source)
    {
        Line(source);
        Context = Add(new(IrOperation.Entry), NewRegister());
    }

    /// <summary>The program's context.</summary>
    public int Context { get; }

    /// <summary>The code so far.</summary>
    public List<IrInstruction> Code => _code;

    /// <summary>How many virtual registers there are.</summary>
    public int RegisterCount => _registers;

    /// <summary>How many labels there are.</summary>
    public int LabelCount => _labels;

    /// <summary>Bytes of stack in use now; set back to what it was, it is free for others.</summary>
    public int StackInUse
    {
        get => _stack;
        set => _stack = value;
    }

    /// <summary>Most bytes of stack that were in use at once.</summary>
    public int StackDepth { get; private set; }

    /// <summary>Takes bytes of the stack, aligned to 8.</summary>
    /// <returns>Offset from its end.</returns>
    public int TakeStack(int size)
    {
        _stack += (size + 7) & ~7;
        StackDepth = Math.Max(StackDepth, _stack);
        return -_stack;
    }

    public int NewRegister() => _registers++;

    public int NewLabel() => _labels++;

    public void Line(SourceText source) => _code.Add(new(IrOperation.Line) { Source = source });

    /// <summary>A constant as an operand: in the instruction if it fits, else in a register.</summary>
    public IrOperand Operand(long value) => value == (int)value ? IrOperand.Constant((int)value) : IrOperand.Of(Constant(value));

    public int Constant(long value) => Assign(NewRegister(), value);

    public int Assign(int target, long value) => Add(new(IrOperation.Constant) { Constant = value }, target);

    public int Assign(int target, int source) => Add(new(IrOperation.Move) { A = IrOperand.Of(source) }, target);

    public int Alu(AluOperation operation, int a, IrOperand b) => Alu(operation, NewRegister(), a, b);

    public int Alu(AluOperation operation, int a, long b) => Alu(operation, a, Operand(b));

    public int Alu(AluOperation operation, int target, int a, IrOperand b) =>
        Add(new(IrOperation.Alu) { Alu = operation, A = IrOperand.Of(a), B = b }, target);

    public int Alu32(AluOperation operation, int a, IrOperand b) =>
        Add(new(IrOperation.Alu32) { Alu = operation, A = IrOperand.Of(a), B = b }, NewRegister());

    /// <summary>The lower half of a, the upper half 0.</summary>
    public int LowerHalf(int a) => Add(new(IrOperation.Alu32) { Alu = AluOperation.Move, A = IrOperand.Of(a) }, NewRegister());

    public int Swap(int a, int size) => Add(new(IrOperation.Swap) { A = IrOperand.Of(a), Size = size }, NewRegister());

    public int Load(IrOperand address, int offset, int size) => Load(NewRegister(), address, offset, size);

    public int Load(int target, IrOperand address, int offset, int size) =>
        Add(new(IrOperation.Load) { A = address, Offset = offset, Size = size }, target);

    public void Store(IrOperand address, int offset, IrOperand value, int size) =>
        _code.Add(new(IrOperation.Store) { A = address, Offset = offset, B = value, Size = size });

    public void AtomicAdd(IrOperand address, int offset, int value, int size) =>
        _code.Add(new(IrOperation.AtomicAdd) { A = address, Offset = offset, B = IrOperand.Of(value), Size = size });

    public int Address(string map) => Add(new(IrOperation.Address) { A = IrOperand.MapValue(map) }, NewRegister());

    public void Jump(int label) => _code.Add(new(IrOperation.Jump) { Label = label });

    public void JumpIf(JumpCondition condition, int a, long b, int label) => JumpIf(condition, a, Operand(b), label);

    public void JumpIf(JumpCondition condition, int a, IrOperand b, int label) =>
        _code.Add(new(IrOperation.JumpIf) { Condition = condition, A = IrOperand.Of(a), B = b, Label = label });

    public void Mark(int label) => _code.Add(new(IrOperation.Label) { Label = label });

    public int Call(BpfHelper helper, params IReadOnlyList<IrOperand> arguments) =>
        Add(new(IrOperation.Call) { Helper = helper, Arguments = arguments }, NewRegister());

    public void Exit() => _code.Add(new(IrOperation.Exit));

    private int Add(IrInstruction instruction, int target)
    {
        instruction.Target = target;
        _code.Add(instruction);
        return target;
    }
}
