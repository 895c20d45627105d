using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Writes code that sends a sample: the header that all have (struct sample_header), then <see cref="EventLayout"/>.</summary>
internal sealed class SampleLowering(IrBuilder ir, ProbePlan plan, ExpressionLowering expressions, ObjectMemory memory, LossLowering losses)
{
    private const long CurrentCpu = 0xffffffff; // BPF_F_CURRENT_CPU
    private const int NoSpace = -28;
    private static readonly BuiltinExpression Ids = new(Builtin.ProcessAndThreadId, ProbeType.U64);

    /// <param name="emission">What is sent.</param>
    /// <param name="sampling">Register with n: it stands for 2^n hits.</param>
    /// <param name="duration">The duration, or null.</param>
    /// <param name="skip">Goes on here if it can't be sent.</param>
    public void Send(BoundEmission emission, int sampling, TypedExpression? duration, int skip)
    {
        var layout = plan.Events[emission.Emitter];
        var counters = ir.NewRegister();
        var sample = memory.Take(layout.Size);
        Header(sample);
        Put(sample, EventLayout.ProbeIdOffset, ir.Operand((int)plan.Options.ProbeId), 4);
        Put(sample, EventLayout.EmitterOffset, IrOperand.Constant(emission.Emitter), 2);
        Put(sample, EventLayout.SamplingOffset, IrOperand.Of(sampling), 2);
        Put(sample, EventLayout.DurationOffset, duration is null ? IrOperand.Constant(0) : expressions.Operand(duration), 8);
        var end = EventLayout.FieldsOffset;
        for (var i = 0; i < layout.Fields.Count; i++)
        {
            var field = layout.Fields[i];
            expressions.Clear(sample.Plus(end), field.Offset - end);
            expressions.StoreTo(emission.Attributes[i], sample.Plus(field.Offset));
            end = field.Offset + field.Size;
        }
        expressions.Clear(sample.Plus(end), layout.Size - end);

        ir.Assign(counters, losses.Lookup(SampleCounters.Counters, plan.Options.SampleKind));
        ir.JumpIf(JumpCondition.Equal, counters, 0, skip);
        CountIn(counters, SampleCounters.Produced);
        var result = ir.Call(
            BpfHelper.PerfEventOutput, IrOperand.Of(ir.Context), IrOperand.MapNamed(SampleCounters.Samples), ir.Operand(CurrentCpu),
            sample.Address, IrOperand.Constant(layout.Size));
        ir.JumpIf(JumpCondition.GreaterOrEqual, result, 0, skip);
        var (other, counted) = (ir.NewLabel(), ir.NewLabel());
        ir.JumpIf(JumpCondition.NotEqual, result, NoSpace, other);
        CountIn(counters, SampleCounters.BufferFull);
        ir.Jump(counted);
        ir.Mark(other);
        CountIn(counters, SampleCounters.Failed);
        ir.Mark(counted);
        losses.Count(LossCause.SampleFailed, emission.Emitter);
    }

    private void Header(MemoryPlace sample)
    {
        Put(sample, 0, IrOperand.Constant(plan.Options.SampleKind), 4);
        Put(sample, 4, BuiltIn(Builtin.UserId, ProbeType.U32), 4);
        Put(sample, 8, BuiltIn(Builtin.Time, ProbeType.U64), 8);
        Put(sample, 16, BuiltIn(Builtin.ProcessId, ProbeType.U32), 4);
        Put(sample, 20, IrOperand.Of(expressions.Scalar(Ids)), 4);
        Put(sample, 24, StartTime() is { } start ? expressions.Operand(start) : IrOperand.Constant(0), 8);
        Put(sample, 32, BuiltIn(Builtin.CgroupId, ProbeType.U64), 8);
        expressions.StoreTo(new BuiltinExpression(Builtin.ThreadName, ProbeType.Text(16)), sample.Plus(40));
    }

    /// <summary>Start of the thread group leader, ns of CLOCK_BOOTTIME.</summary>
    private MemoryRead? StartTime()
    {
        var types = plan.Options.KernelTypes;
        if (types is null || TaskField(types, "group_leader") is not { } leader)
            return null;
        // It was called real_start_time before 5.5.
        if ((TaskField(types, "start_boottime") ?? TaskField(types, "real_start_time")) is not { } start)
            return null;
        var task = new BuiltinExpression(Builtin.CurrentTask, ProbeType.U64);
        return new(new MemoryRead(task, leader, MemoryAccess.Kernel, ProbeType.U64), start, MemoryAccess.Kernel, ProbeType.U64);
    }

    private static int? TaskField(BtfTypes types, string name)
    {
        if (!types.TryFind("task_struct", BtfKind.Struct, out var id))
            return null;
        var task = types[id];
        for (var i = 0; i < task.Count; i++)
        {
            if (task.Member(i) is var member && member.Name == name)
                return (int)(member.BitOffset / 8);
        }
        return null;
    }

    private IrOperand BuiltIn(Builtin builtin, ProbeType type) => expressions.Operand(new BuiltinExpression(builtin, type));

    private void Put(MemoryPlace sample, int offset, IrOperand value, int size) => ir.Store(sample.Base, sample.Offset + offset, value, size);

    private void CountIn(int counters, int offset) => ir.AtomicAdd(IrOperand.Of(counters), offset, ir.Constant(1), 8);
}
