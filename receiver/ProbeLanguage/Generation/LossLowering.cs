using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Writes code that counts losses; it is never on the way of a hit that goes well.</summary>
internal sealed class LossLowering(IrBuilder ir, ProbePlan plan)
{
    /// <summary>Counts one.</summary>
    public void Count(LossCause cause, int emitter)
    {
        var end = ir.NewLabel();
        var counters = LookupOnly(ProbePlan.LossMap);
        ir.JumpIf(JumpCondition.Equal, counters, 0, end);
        ir.AtomicAdd(IrOperand.Of(counters), plan.Loss(cause, emitter), ir.Constant(1), 8);
        ir.Mark(end);
    }

    /// <summary>The one value that a per-CPU array has for this CPU; 0 only to the verifier.</summary>
    public int LookupOnly(string map) => Lookup(map, 0);

    /// <summary>A value of a per-CPU array.</summary>
    public int Lookup(string map, int index)
    {
        var mark = ir.StackInUse;
        var key = ir.TakeStack(4);
        ir.Store(IrOperand.Stack(key), 0, IrOperand.Constant(index), 4);
        var value = ir.Call(BpfHelper.MapLookup, IrOperand.MapNamed(map), IrOperand.Stack(key));
        ir.StackInUse = mark;
        return value;
    }
}
