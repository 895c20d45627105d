namespace EbpfReceiver.ProbeLanguage;

/// <summary>Moves a virtual register to a slot of the stack: loads it before each use, stores it after each assignment.</summary>
internal static class SpillRewriter
{
    public static void Rewrite(IrBuilder program, int register, int slot, HashSet<int> pinned)
    {
        var result = new List<IrInstruction>(program.Code.Count + 16);
        foreach (var instruction in program.Code)
        {
            var loaded = -1;
            instruction.A = Replace(instruction.A);
            instruction.B = Replace(instruction.B);
            if (instruction.Arguments.Count > 0)
            {
                var arguments = new IrOperand[instruction.Arguments.Count];
                for (var i = 0; i < arguments.Length; i++)
                {
                    var argument = instruction.Arguments[i];
                    arguments[i] = argument.Kind == IrOperandKind.Register && argument.Register == register
                        ? IrOperand.Slot(slot)
                        : Replace(argument);
                }
                instruction.Arguments = arguments;
            }
            result.Add(instruction);
            if (instruction.Target != register)
                continue;
            instruction.Target = Fresh();
            result.Add(new(IrOperation.Store)
            {
                A = IrOperand.Stack(0),
                Offset = slot,
                B = IrOperand.Of(instruction.Target),
                Size = 8,
            });

            IrOperand Replace(IrOperand operand)
            {
                if (!operand.UsesRegister || operand.Register != register)
                    return operand;
                if (loaded < 0)
                {
                    loaded = Fresh();
                    result.Add(new(IrOperation.Load) { Target = loaded, A = IrOperand.Stack(0), Offset = slot, Size = 8 });
                }
                return operand with { Register = loaded };
            }
        }
        program.Code.Clear();
        program.Code.AddRange(result);

        int Fresh()
        {
            var fresh = program.NewRegister();
            pinned.Add(fresh);
            return fresh;
        }
    }
}
