using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Writes one program: what it filters, how it pairs, what it records.</summary>
internal sealed class ProgramLowering
{
    private const int UpdateAny = 0, UpdateNoExist = 1;
    private const long Exists = 0xffffffef; // the lower half of -EEXIST
    private static readonly BuiltinExpression Now = new(Builtin.Time, ProbeType.U64);
    private static readonly BuiltinExpression Thread = new(Builtin.ProcessAndThreadId, ProbeType.U64);

    private readonly IrBuilder _ir;
    private readonly ProbePlan _plan;
    private readonly HookRole _role;
    private readonly BoundProgram _program;
    private readonly ObjectMemory _memory;
    private readonly ExpressionLowering _expressions;
    private readonly LossLowering _losses;
    private readonly SeriesLowering _series;
    private readonly RateLowering _rates;
    private readonly SampleLowering _samples;
    private readonly int _exit;
    private readonly int _release;
    private readonly bool _hasScratch;

    private ProgramLowering(ProbePlan plan, HookRole role, BoundProgram program, bool hasScratch)
    {
        _ir = new(program.Source);
        _plan = plan;
        _role = role;
        _program = program;
        _hasScratch = hasScratch;
        _memory = new(_ir, hasScratch);
        _expressions = new(_ir, _memory, new ReadMerging(Roots(program)));
        _losses = new(_ir, plan);
        _series = new(_ir, plan, _expressions, _memory, _losses);
        _rates = new(_ir, plan, _expressions, _losses);
        _samples = new(_ir, plan, _expressions, _memory, _losses);
        _exit = _ir.NewLabel();
        _release = hasScratch ? _ir.NewLabel() : _exit;
    }

    /// <summary>Writes a program.</summary>
    /// <param name="plan">What it shares with the others.</param>
    /// <param name="role">Role of its hook.</param>
    /// <param name="program">The program.</param>
    /// <param name="hasScratch">Large objects are in the per-CPU map.</param>
    public static LoweredProgram Lower(ProbePlan plan, HookRole role, BoundProgram program, bool hasScratch)
    {
        var lowering = new ProgramLowering(plan, role, program, hasScratch);
        lowering.Write();
        DeadCode.Remove(lowering._ir.Code);
        return new(lowering._ir, lowering._expressions.Sets, lowering._memory.ScratchSize);
    }

    private static IEnumerable<TypedExpression> Roots(BoundProgram program) =>
    [
        .. program.Conditions.Select(static c => c.Expression), .. program.Key, .. program.Captures,
        .. program.Emissions.SelectMany(static e => (TypedExpression?[])[e.When, e.Value, .. e.Attributes]).OfType<TypedExpression>(),
    ];

    private void Write()
    {
        if (_role == HookRole.End)
            WriteEnd();
        else
            WriteHit();
        if (_hasScratch)
        {
            _ir.Mark(_release);
            _ir.AtomicAdd(IrOperand.Of(_memory.ScratchRegister), ScratchLayout.Busy, _ir.Constant(-1), 8);
        }
        _ir.Mark(_exit);
        _ir.Exit();
    }

    private void WriteHit()
    {
        var sampling = Throttle();
        EnterScratch();
        foreach (var condition in Ordered(_program.Conditions))
            Require(condition, _release);
        if (_plan.Probe.Rate is { } rate)
            _rates.Limit(rate, -1, _release);
        _ir.Line(_program.Source);
        if (_role == HookRole.Start)
            WriteStart(sampling);
        Emit(sampling, null);
    }

    /// <summary>n of the throttle; of 2^n hits by chance one goes on.</summary>
    private int Throttle()
    {
        var sampling = _ir.Load(IrOperand.Of(_ir.Address(ProbePlan.ThrottleMap)), 0, 8);
        var all = _ir.NewLabel();
        _ir.JumpIf(JumpCondition.Equal, sampling, 0, all);
        var random = _ir.Call(BpfHelper.Random);
        var chance = _ir.Alu(AluOperation.ShiftLeft, _ir.Constant(1), IrOperand.Of(sampling));
        var mask = _ir.Alu(AluOperation.Subtract, chance, 1L);
        _ir.JumpIf(JumpCondition.NotEqual, _ir.Alu(AluOperation.And, random, IrOperand.Of(mask)), 0, _exit);
        _ir.Mark(all);
        return sampling;
    }

    /// <summary>
    /// Takes the memory for large objects. A program that interrupts another on its CPU finds it in use and gives up, which is counted:
    /// 1 is added first and looked at then, so whoever comes between sees it.
    /// </summary>
    private void EnterScratch()
    {
        if (!_hasScratch)
            return;
        var free = _ir.NewLabel();
        var scratch = _losses.LookupOnly(ScratchLayout.MapName);
        _memory.ScratchRegister = scratch;
        _ir.JumpIf(JumpCondition.Equal, scratch, 0, _exit);
        _ir.AtomicAdd(IrOperand.Of(scratch), ScratchLayout.Busy, _ir.Constant(1), 8);
        _ir.JumpIf(JumpCondition.Equal, _ir.Load(IrOperand.Of(scratch), ScratchLayout.Busy, 8), 1, free);
        _losses.Count(LossCause.ScratchBusy, -1);
        _ir.Jump(_release);
        _ir.Mark(free);
    }

    private static IEnumerable<BoundCondition> Ordered(IEnumerable<BoundCondition> conditions) =>
        conditions.OrderBy(static c => ExpressionCost.Of(c.Expression));

    private void Require(BoundCondition condition, int otherwise)
    {
        _ir.Line(condition.Source);
        _expressions.BranchUnless(condition.Expression, otherwise);
    }

    private void WriteStart(int sampling)
    {
        var mark = _memory.Mark();
        var key = PairKey();
        var entry = _memory.Take(_plan.StartValueSize);
        for (var i = 0; i < _program.Captures.Count; i++)
            _expressions.StoreTo(_program.Captures[i], entry.Plus(_plan.CaptureOffsets[i]));
        foreach (var (offset, size) in _plan.CaptureGaps)
            _expressions.Clear(entry.Plus(offset), size);
        _ir.Store(entry.Base, entry.Offset + StartEntry.Sampling, IrOperand.Of(sampling), 8);
        // The clock is read last: what the program itself takes is not part of what it measures.
        _ir.Store(entry.Base, entry.Offset + StartEntry.Time, IrOperand.Of(_ir.Call(BpfHelper.MonotonicTime)), 8);

        var (done, full) = (_ir.NewLabel(), _ir.NewLabel());
        var result = Update(UpdateNoExist);
        _ir.JumpIf(JumpCondition.Equal, result, 0, done);
        _ir.JumpIf(JumpCondition.NotEqual, result, Exists, full);
        _losses.Count(LossCause.UnmatchedStart, -1);
        _ir.JumpIf(JumpCondition.Equal, Update(UpdateAny), 0, done);
        _ir.Mark(full);
        _losses.Count(LossCause.StartsFull, -1);
        _ir.Mark(done);
        _memory.Release(mark);

        // The kernel's functions behind it returned an int until 6.4: the upper half is not to be trusted.
        int Update(int flags) => _ir.LowerHalf(_ir.Call(
            BpfHelper.MapUpdate, IrOperand.MapNamed(ProbePlan.StartsMap), key.Address, entry.Address, IrOperand.Constant(flags)));
    }

    private MemoryPlace PairKey() => _series.StoreKey(_plan.StartKey!, _program.Key.Count > 0 ? _program.Key : [Thread]);

    private void WriteEnd()
    {
        // Not of the threads whose starts are recorded: there is nothing to look for, and nothing to count as unmatched.
        foreach (var filter in _plan.ThreadFilters)
            Require(filter, _exit);
        EnterScratch();
        // Read first: the end is when the hook was hit, not when this program came to it.
        if (Roots(_program).Any(static e => ExpressionTree.Contains(e, static x => x is DurationExpression))
            || _program.Emissions.Any(e => _plan.Events.ContainsKey(e.Emitter)))
        {
            _expressions.Scalar(Now);
        }
        var key = PairKey();
        var (delete, found) = (_ir.NewLabel(), _ir.NewLabel());
        var (late, early) = Split();
        // What does not need the start is asked before it is looked up; the start is taken out in any case. But where both are the same event (a
        // socket's change of state), what is not the end is another event between the two, or the start itself.
        foreach (var condition in early)
            Require(condition, IsAlsoStart() ? _release : delete);
        _ir.Line(_program.Source);
        var entry = _ir.Call(BpfHelper.MapLookup, IrOperand.MapNamed(ProbePlan.StartsMap), key.Address);
        _ir.JumpIf(JumpCondition.NotEqual, entry, 0, found);
        CountUnmatched();
        _ir.Jump(_release);
        _ir.Mark(found);
        _expressions.Captures = new(new(IrOperand.Of(entry), 0), _plan.CaptureOffsets);
        foreach (var condition in late)
            Require(condition, delete);
        if (_plan.Probe.Rate is { } rate)
            _rates.Limit(rate, -1, delete);
        Emit(_ir.Load(IrOperand.Of(entry), StartEntry.Sampling, 8), new DurationExpression());
        _ir.Mark(delete);
        _ir.Line(_program.Source);
        _ir.Call(BpfHelper.MapDelete, IrOperand.MapNamed(ProbePlan.StartsMap), key.Address);
    }

    /// <summary>An end without a start, unless its start was not to be recorded: that of another process, or one that was sampled out.</summary>
    private void CountUnmatched()
    {
        if (_plan.UnmatchedFilters is not { } filters)
            return;
        var mark = _memory.Mark();
        _expressions.Scopes.Open();
        foreach (var filter in Ordered(filters.Except(_plan.ThreadFilters)))
            Require(filter, _release);
        _expressions.Scopes.Close();
        _memory.Release(mark);
        _ir.Line(_program.Source);
        _ir.JumpIf(JumpCondition.NotEqual, _ir.Load(IrOperand.Of(_ir.Address(ProbePlan.ThrottleMap)), 0, 8), 0, _release);
        _losses.Count(LossCause.UnmatchedEnd, -1);
    }

    private bool IsAlsoStart() => _plan.Probe.Hooks.Where(static h => h.Role == HookRole.Start).SelectMany(static h => h.Alternatives)
        .SelectMany(static a => a.Programs).Any(p => p.Kind == _program.Kind && p.Target == _program.Target);

    private (IReadOnlyList<BoundCondition> Late, IReadOnlyList<BoundCondition> Early) Split()
    {
        var parts = Ordered(_program.Conditions).ToLookup(
            static c => ExpressionTree.Contains(c.Expression, static x => x is CapturedValue or DurationExpression));
        return ([.. parts[true]], [.. parts[false]]);
    }

    private void Emit(int sampling, TypedExpression? duration)
    {
        foreach (var emission in _program.Emissions)
        {
            _ir.Line(emission.Source);
            var skip = _ir.NewLabel();
            // Behind it others may want the same values: what does not depend on a condition is evaluated for all of them.
            if (emission.When is null)
                Share(emission);
            var mark = _memory.Mark();
            _expressions.Scopes.Open();
            if (emission.When is { } when)
                _expressions.BranchUnless(when, skip);
            if (_plan.Probe.Emitters[emission.Emitter].Rate is { } rate)
                _rates.Limit(rate, emission.Emitter, skip);
            if (_plan.Events.ContainsKey(emission.Emitter))
                _samples.Send(emission, sampling, duration, skip);
            else
                _series.Record(_program, emission, sampling, skip);
            _expressions.Scopes.Close();
            _memory.Release(mark);
            _ir.Mark(skip);
        }
    }

    private void Share(BoundEmission emission)
    {
        if (emission.Value is { } value && ExpressionTree.Unwrap(value) is not ConstantExpression)
            _expressions.Scalar(value);
        foreach (var attribute in emission.Attributes)
        {
            if (ExpressionTree.Unwrap(attribute) is ConstantExpression or TextConstant or Ip6Constant or CapturedValue)
                continue;
            if (attribute.Type.IsScalar)
                _expressions.Scalar(attribute);
            else if (_program.Emissions.Count(e => e.Attributes.Contains(attribute)) > 1)
                _expressions.Object(attribute);
        }
    }
}
