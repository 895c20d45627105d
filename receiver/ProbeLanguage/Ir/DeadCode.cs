namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Takes out what is never reached, which the verifier refuses: code behind conditions that are constant. Jumps go forward only, so one
/// pass finds all of it.
/// </summary>
internal static class DeadCode
{
    public static void Remove(List<IrInstruction> code)
    {
        var targets = new HashSet<int>();
        var reached = true;
        var kept = 0;
        for (var i = 0; i < code.Count; i++)
        {
            var instruction = code[i];
            if (instruction.Operation == IrOperation.Label)
                reached |= targets.Contains(instruction.Label);
            if (!reached)
                continue;
            code[kept++] = instruction;
            if (instruction.Operation is IrOperation.Jump or IrOperation.JumpIf)
                targets.Add(instruction.Label);
            reached = instruction.Operation is not (IrOperation.Jump or IrOperation.Exit);
        }
        code.RemoveRange(kept, code.Count - kept);
    }
}
