using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Estimates what a hit costs. The worst case is the longest way through the instructions, which all go forward; times are from
/// measurements on x86-64 servers, and are magnitudes.
/// </summary>
internal static class CostModel
{
    private const double InstructionCost = 0.4;

    public static ProgramCost Of(string name, ProgramKind kind, AssembledCode code)
    {
        var best = new (int Instructions, int Calls, double Time)[code.Count + 1];
        for (var i = code.Count - 1; i >= 0; i--)
        {
            var instruction = code[i];
            var next = instruction.Opcode switch
            {
                BpfInstruction.Exit => code.Count,
                BpfInstruction.Jump => i + 1 + instruction.Offset,
                BpfInstruction.WideLoad => i + 2,
                _ => i + 1,
            };
            var (instructions, calls, time) = best[next];
            if (instruction.IsJump && instruction.Opcode != BpfInstruction.Jump)
            {
                var taken = best[i + 1 + instruction.Offset];
                if (taken.Time > time)
                    (instructions, calls, time) = taken;
            }
            var isCall = instruction.Opcode == BpfInstruction.Call;
            best[i] = (instructions + 1, calls + (isCall ? 1 : 0), time + CostOf(instruction));
        }
        var (worst, helpers, total) = best[0];
        return new(name, worst, helpers, (int)Math.Round(total + EntryCost(kind)));
    }

    private static double CostOf(BpfInstruction instruction)
    {
        if (instruction.Opcode == BpfInstruction.Call)
        {
            return (BpfHelper)instruction.Immediate switch
            {
                BpfHelper.MapLookup => 12,
                BpfHelper.MapUpdate => 50,
                BpfHelper.MapDelete => 35,
                BpfHelper.MonotonicTime => 18,
                BpfHelper.PerfEventOutput => 250,
                BpfHelper.ReadKernel or BpfHelper.ReadUser => 12,
                BpfHelper.ReadKernelText or BpfHelper.ReadUserText => 25,
                BpfHelper.CurrentThreadName => 8,
                _ => 3,
            };
        }
        var isAtomic = instruction.Class == 3 && (instruction.Opcode & 0xe0) == 0xc0;
        var isDivision = instruction.Class is 4 or 7 && (AluOperation)(instruction.Opcode & 0xf0) is AluOperation.Divide or AluOperation.Modulo;
        return isAtomic ? 5 : isDivision ? 10 : InstructionCost;
    }

    private static double EntryCost(ProgramKind kind) => kind switch
    {
        ProgramKind.TpBtf or ProgramKind.RawTracepoint => 5,
        ProgramKind.Fentry => 7,
        ProgramKind.Tracepoint => 12,
        ProgramKind.Fexit => 15,
        ProgramKind.Kprobe or ProgramKind.KprobeMulti or ProgramKind.Ksyscall => 18,
        ProgramKind.Kretprobe or ProgramKind.KretprobeMulti or ProgramKind.Kretsyscall => 45,
        ProgramKind.Uprobe or ProgramKind.UprobeMulti or ProgramKind.Usdt => 320,
        ProgramKind.Uretprobe or ProgramKind.UretprobeMulti => 900,
        _ => 20,
    };
}
