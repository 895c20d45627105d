using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Writes code that adds a hit to its series.</summary>
internal sealed class SeriesLowering(IrBuilder ir, ProbePlan plan, ExpressionLowering expressions, ObjectMemory memory, LossLowering losses)
{
    private const int UpdateNoExist = 1;

    /// <summary>Records an emission.</summary>
    /// <param name="program">What records it.</param>
    /// <param name="emission">What is recorded.</param>
    /// <param name="sampling">Register with n: it stands for 2^n hits.</param>
    /// <param name="skip">Goes on here if there is no room for it, not even in the overflow series.</param>
    public void Record(BoundProgram program, BoundEmission emission, int sampling, int skip)
    {
        var layout = plan.Series[emission.Emitter];
        var value = emission.Value is null ? -1 : expressions.Number(emission.Value);
        if (plan.MayFall(program, emission))
        {
            var rises = ir.NewLabel();
            ir.JumpIf(JumpCondition.GreaterOrEqual, value, 0, rises);
            losses.Count(LossCause.NegativeValue, emission.Emitter);
            ir.Jump(skip);
            ir.Mark(rises);
        }

        var series = IrOperand.Of(Find(layout, emission, skip));
        var emitter = layout.Emitter;
        switch (emitter.Kind)
        {
            case EmitterKind.Gauge:
                Gauge(series, layout.Value, emitter, value);
                break;
            case EmitterKind.Histogram:
                new HistogramLowering(ir, plan.IsExclusive, emitter.IsSigned).Observe(series, layout.Value, value, sampling);
                break;
            default:
                var amount = value < 0 ? ir.Constant(1) : value;
                Add(ir, plan.IsExclusive, series, layout.Value.SumOffset, ir.Alu(AluOperation.ShiftLeft, amount, IrOperand.Of(sampling)), 8);
                break;
        }
    }

    /// <summary>Adds to a number in memory.</summary>
    public static void Add(IrBuilder ir, bool exclusive, IrOperand address, int offset, int amount, int size)
    {
        if (exclusive)
            ir.Store(address, offset, IrOperand.Of(ir.Alu(AluOperation.Add, ir.Load(address, offset, size), IrOperand.Of(amount))), size);
        else
            ir.AtomicAdd(address, offset, amount, size);
    }

    private void Gauge(IrOperand series, ValueLayout layout, BoundEmitter emitter, int value)
    {
        if (emitter.Gauge == GaugeMode.Last)
        {
            ir.Store(series, layout.LastOffset, IrOperand.Of(value), 8);
            ir.Store(series, layout.CountOffset, IrOperand.Constant(1), 8);
            return;
        }
        var (store, end) = (ir.NewLabel(), ir.NewLabel());
        var offset = emitter.Gauge == GaugeMode.Minimum ? layout.MinimumOffset : layout.MaximumOffset;
        ir.JumpIf(JumpCondition.Equal, ir.Load(series, layout.CountOffset, 8), 0, store);
        var keep = (emitter.Gauge, emitter.IsSigned) switch
        {
            (GaugeMode.Minimum, true) => JumpCondition.GreaterOrEqual,
            (GaugeMode.Minimum, false) => JumpCondition.AboveOrEqual,
            (_, true) => JumpCondition.LessOrEqual,
            _ => JumpCondition.BelowOrEqual,
        };
        ir.JumpIf(keep, value, IrOperand.Of(ir.Load(series, offset, 8)), end);
        ir.Mark(store);
        ir.Store(series, offset, IrOperand.Of(value), 8);
        ir.Store(series, layout.CountOffset, IrOperand.Constant(1), 8);
        ir.Mark(end);
    }

    /// <summary>The value of the emission's series, or of the overflow series.</summary>
    private int Find(SeriesLayout layout, BoundEmission emission, int skip)
    {
        if (layout.MapType == BpfMapType.Array)
            return ir.Address(layout.MapName);
        if (layout.MapType == BpfMapType.PerCpuArray)
        {
            var only = losses.LookupOnly(layout.MapName);
            ir.JumpIf(JumpCondition.Equal, only, 0, skip);
            return only;
        }

        var key = StoreKey(plan.Keys[emission.Emitter], emission.Attributes);
        var map = IrOperand.MapNamed(layout.MapName);
        var found = ir.NewLabel();
        var series = ir.NewRegister();
        ir.Assign(series, ir.Call(BpfHelper.MapLookup, map, key.Address));
        ir.JumpIf(JumpCondition.NotEqual, series, 0, found);
        // Another CPU may have made it meanwhile: then the update fails, and the second look finds it.
        ir.Call(
            BpfHelper.MapUpdate, map, key.Address, IrOperand.MapValue(ProbePlan.ZerosMap),
            IrOperand.Constant(UpdateNoExist));
        ir.Assign(series, ir.Call(BpfHelper.MapLookup, map, key.Address));
        ir.JumpIf(JumpCondition.NotEqual, series, 0, found);
        losses.Count(LossCause.SeriesOverflow, emission.Emitter);
        if (layout.MapType == BpfMapType.Hash)
        {
            ir.Assign(series, ir.Address(layout.OverflowMapName));
        }
        else
        {
            ir.Assign(series, losses.LookupOnly(layout.OverflowMapName));
            ir.JumpIf(JumpCondition.Equal, series, 0, skip);
        }
        ir.Mark(found);
        return series;
    }

    /// <summary>Writes a key, with zeros between its parts.</summary>
    public MemoryPlace StoreKey(KeyLayout layout, IReadOnlyList<TypedExpression> parts)
    {
        var key = memory.Take(layout.Size);
        for (var i = 0; i < parts.Count; i++)
            expressions.StoreTo(parts[i], key.Plus(layout.Offsets[i]));
        foreach (var (offset, size) in layout.Gaps)
            expressions.Clear(key.Plus(offset), size);
        return key;
    }
}
