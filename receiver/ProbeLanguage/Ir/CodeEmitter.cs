using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Writes BPF for code whose virtual registers have been assigned.</summary>
internal sealed class CodeEmitter
{
    private readonly BpfAssembler _assembler = new();
    private readonly int[] _assigned;
    private readonly BpfLabel[] _labels;

    private CodeEmitter(int[] assigned, int labels)
    {
        _assigned = assigned;
        _labels = new BpfLabel[labels];
        for (var i = 0; i < labels; i++)
            _labels[i] = _assembler.DefineLabel();
    }

    public static AssembledCode Emit(IrBuilder program, int[] assigned)
    {
        var emitter = new CodeEmitter(assigned, program.LabelCount);
        foreach (var instruction in program.Code)
            emitter.Emit(instruction);
        return emitter._assembler.Build();
    }

    private void Emit(IrInstruction instruction)
    {
        switch (instruction.Operation)
        {
            case IrOperation.Entry:
                Move(Target(instruction), BpfRegister.R1);
                break;
            case IrOperation.Constant:
                _assembler.LoadConstant(Target(instruction), instruction.Constant);
                break;
            case IrOperation.Move:
                Move(Target(instruction), At(instruction.A));
                break;
            case IrOperation.Alu or IrOperation.Alu32:
                EmitAlu(instruction);
                break;
            case IrOperation.Swap:
                Move(Target(instruction), At(instruction.A));
                _assembler.ToBigEndian(Target(instruction), instruction.Size);
                break;
            case IrOperation.Load:
                _assembler.Load(Target(instruction), Base(instruction.A), Displacement(instruction), instruction.Size);
                break;
            case IrOperation.Store when instruction.B.Kind == IrOperandKind.Constant:
                _assembler.Store(Base(instruction.A), Displacement(instruction), (int)instruction.B.Value, instruction.Size);
                break;
            case IrOperation.Store:
                _assembler.Store(Base(instruction.A), Displacement(instruction), At(instruction.B), instruction.Size);
                break;
            case IrOperation.AtomicAdd:
                _assembler.AtomicAdd(Base(instruction.A), Displacement(instruction), At(instruction.B), instruction.Size);
                break;
            case IrOperation.Address:
                _assembler.LoadMapValue(Target(instruction), instruction.A.Map!, (int)instruction.A.Value);
                break;
            case IrOperation.Jump:
                _assembler.Jump(_labels[instruction.Label]);
                break;
            case IrOperation.JumpIf when instruction.B.Kind == IrOperandKind.Constant:
                _assembler.JumpIf(instruction.Condition, At(instruction.A), (int)instruction.B.Value, _labels[instruction.Label]);
                break;
            case IrOperation.JumpIf:
                _assembler.JumpIf(instruction.Condition, At(instruction.A), At(instruction.B), _labels[instruction.Label]);
                break;
            case IrOperation.Label:
                _assembler.Mark(_labels[instruction.Label]);
                break;
            case IrOperation.Call:
                EmitArguments(instruction.Arguments);
                _assembler.Call(instruction.Helper);
                Move(Target(instruction), BpfRegister.R0);
                break;
            case IrOperation.Exit:
                _assembler.LoadConstant(BpfRegister.R0, 0);
                _assembler.Exit();
                break;
            case IrOperation.Line:
                var (location, text) = instruction.Source;
                _assembler.Line(location.File, location.Line, location.Column, text);
                break;
        }
    }

    private void EmitAlu(IrInstruction instruction)
    {
        var target = Target(instruction);
        var wide = instruction.Operation == IrOperation.Alu;
        if (instruction.Alu == AluOperation.Move)
        {
            // Of 32 bits: even onto itself it clears the upper half.
            _assembler.Alu32(AluOperation.Move, target, At(instruction.A));
            return;
        }
        Move(target, At(instruction.A));
        if (instruction.B.Kind == IrOperandKind.Constant)
        {
            if (wide)
                _assembler.Alu(instruction.Alu, target, (int)instruction.B.Value);
            else
                _assembler.Alu32(instruction.Alu, target, (int)instruction.B.Value);
        }
        else if (wide)
        {
            _assembler.Alu(instruction.Alu, target, At(instruction.B));
        }
        else
        {
            _assembler.Alu32(instruction.Alu, target, At(instruction.B));
        }
    }

    /// <summary>
    /// Puts the arguments into R1 to R5: what is in registers first, each move when nothing still needs its destination; what is left then
    /// are cycles, broken through R0, which no value outlives a call in.
    /// </summary>
    private void EmitArguments(IReadOnlyList<IrOperand> arguments)
    {
        var moves = new List<(BpfRegister To, BpfRegister From)>();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].UsesRegister && Argument(i) != At(arguments[i]))
                moves.Add((Argument(i), At(arguments[i])));
        }
        while (moves.Count > 0)
        {
            var free = moves.FindIndex(m => !moves.Exists(other => other.From == m.To));
            if (free < 0)
            {
                var parked = moves[0].From;
                Move(BpfRegister.R0, parked);
                for (var i = 0; i < moves.Count; i++)
                {
                    if (moves[i].From == parked)
                        moves[i] = (moves[i].To, BpfRegister.R0);
                }
                continue;
            }
            Move(moves[free].To, moves[free].From);
            moves.RemoveAt(free);
        }

        for (var i = 0; i < arguments.Count; i++)
            EmitArgument(Argument(i), arguments[i]);
    }

    private void EmitArgument(BpfRegister to, IrOperand argument)
    {
        switch (argument.Kind)
        {
            case IrOperandKind.RegisterOffset:
                _assembler.Alu(AluOperation.Add, to, (int)argument.Value);
                break;
            case IrOperandKind.Constant:
                _assembler.LoadConstant(to, argument.Value);
                break;
            case IrOperandKind.Stack:
                _assembler.Alu(AluOperation.Move, to, BpfRegister.R10);
                _assembler.Alu(AluOperation.Add, to, (int)argument.Value);
                break;
            case IrOperandKind.Map:
                _assembler.LoadMap(to, argument.Map!);
                break;
            case IrOperandKind.MapValue:
                _assembler.LoadMapValue(to, argument.Map!, (int)argument.Value);
                break;
            case IrOperandKind.Slot:
                _assembler.Load(to, BpfRegister.R10, (int)argument.Value, 8);
                break;
        }
    }

    private void Move(BpfRegister to, BpfRegister from)
    {
        if (to != from)
            _assembler.Alu(AluOperation.Move, to, from);
    }

    private BpfRegister Target(IrInstruction instruction) => (BpfRegister)_assigned[instruction.Target];

    private BpfRegister At(IrOperand operand) => (BpfRegister)_assigned[operand.Register];

    private BpfRegister Base(IrOperand address) => address.Kind == IrOperandKind.Stack ? BpfRegister.R10 : At(address);

    private static int Displacement(IrInstruction instruction) =>
        instruction.Offset + (instruction.A.Kind == IrOperandKind.Stack ? (int)instruction.A.Value : 0);

    private static BpfRegister Argument(int index) => (BpfRegister)(index + 1);
}
