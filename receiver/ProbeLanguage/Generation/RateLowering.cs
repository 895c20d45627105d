using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>
/// Writes code that limits a rate: one word, shared by all CPUs, says when the next event would come if they came evenly. An event may be
/// early by as much as makes up the burst. Two CPUs at the same moment may both pass for one: no kernel before 5.12 can exchange.
/// </summary>
internal sealed class RateLowering(IrBuilder ir, ProbePlan plan, ExpressionLowering expressions, LossLowering losses)
{
    private static readonly BuiltinExpression Now = new(Builtin.Time, ProbeType.U64);

    public void Limit(EventRate rate, int emitter, int limited)
    {
        var period = Math.Max(1, (long)rate.Period.TotalNanoseconds);
        var interval = Math.Max(1, period / Math.Max(1, rate.Count));
        var now = expressions.Scalar(Now);
        var cell = IrOperand.Of(ir.Address(ProbePlan.RatesMap));
        var offset = plan.Rate(emitter);
        var next = ir.Load(cell, offset, 8);
        var (early, pass) = (ir.NewLabel(), ir.NewLabel());
        ir.JumpIf(JumpCondition.AboveOrEqual, next, IrOperand.Of(now), early);
        ir.Assign(next, now);
        ir.Mark(early);
        ir.JumpIf(JumpCondition.BelowOrEqual, next, IrOperand.Of(ir.Alu(AluOperation.Add, now, period - interval)), pass);
        losses.Count(emitter < 0 ? LossCause.ProbeRateLimited : LossCause.RateLimited, emitter);
        ir.Jump(limited);
        ir.Mark(pass);
        ir.Store(IrOperand.Of(ir.Address(ProbePlan.RatesMap)), offset, IrOperand.Of(ir.Alu(AluOperation.Add, next, interval)), 8);
    }
}
