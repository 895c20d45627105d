using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Writes code that adds a value to a histogram.</summary>
internal sealed class HistogramLowering(IrBuilder ir, bool exclusive, bool signed)
{
    private int _weight;

    /// <param name="series">Address of the histogram.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="value">Register with the value.</param>
    /// <param name="sampling">Register with n: it stands for 2^n values.</param>
    public void Observe(IrOperand series, ValueLayout layout, int value, int sampling)
    {
        _weight = ir.Alu(AluOperation.ShiftLeft, ir.Constant(1), IrOperand.Of(sampling));
        Extremes(series, layout, value);
        Add(series, layout.CountOffset, _weight, 8);
        Add(series, layout.SumOffset, ir.Alu(AluOperation.ShiftLeft, value, IrOperand.Of(sampling)), 8);
        var end = ir.NewLabel();
        var buckets = layout.Buckets!;
        switch (buckets.Shape)
        {
            case ExponentialShape shape:
                Exponential(series, buckets, shape, value, end);
                break;
            case PowersOfTwoShape:
                Outside(series, buckets, value, end);
                var octave = ir.Assign(ir.NewRegister(), 0L);
                HighestBit(ir.Assign(ir.NewRegister(), value), octave);
                Bucket(series, buckets, octave);
                break;
            case ExplicitShape shape:
                Explicit(series, buckets, shape.Bounds, 0, shape.Bounds.Count, value, end);
                break;
            case LinearShape shape:
                Linear(series, buckets, shape, value, end);
                break;
        }
        ir.Mark(end);
    }

    private void HighestBit(int value, int result) => ExpressionLowering.HighestBit(ir, value, result);

    private void Add(IrOperand series, int offset, int amount, int size) => SeriesLowering.Add(ir, exclusive, series, offset, amount, size);

    private JumpCondition AtLeast => signed ? JumpCondition.GreaterOrEqual : JumpCondition.AboveOrEqual;

    private JumpCondition AtMost => signed ? JumpCondition.LessOrEqual : JumpCondition.BelowOrEqual;

    private void Extremes(IrOperand series, ValueLayout layout, int value)
    {
        var (known, notLess, end) = (ir.NewLabel(), ir.NewLabel(), ir.NewLabel());
        ir.JumpIf(JumpCondition.NotEqual, ir.Load(series, layout.CountOffset, 8), 0, known);
        ir.Store(series, layout.MinimumOffset, IrOperand.Of(value), 8);
        ir.Store(series, layout.MaximumOffset, IrOperand.Of(value), 8);
        ir.Jump(end);
        ir.Mark(known);
        ir.JumpIf(AtLeast, value, IrOperand.Of(ir.Load(series, layout.MinimumOffset, 8)), notLess);
        ir.Store(series, layout.MinimumOffset, IrOperand.Of(value), 8);
        ir.Mark(notLess);
        ir.JumpIf(AtMost, value, IrOperand.Of(ir.Load(series, layout.MaximumOffset, 8)), end);
        ir.Store(series, layout.MaximumOffset, IrOperand.Of(value), 8);
        ir.Mark(end);
    }

    /// <summary>Values below 0, and 0.</summary>
    private void Outside(IrOperand series, BucketLayout buckets, int value, int end)
    {
        if (buckets.NegativeOffset >= 0)
        {
            var positive = ir.NewLabel();
            ir.JumpIf(JumpCondition.GreaterOrEqual, value, 0, positive);
            Add(series, buckets.NegativeOffset, _weight, 8);
            ir.Jump(end);
            ir.Mark(positive);
        }
        var inside = ir.NewLabel();
        ir.JumpIf(JumpCondition.NotEqual, value, 0, inside);
        Add(series, buckets.ZeroOffset, _weight, 8);
        ir.Jump(end);
        ir.Mark(inside);
    }

    private void Exponential(IrOperand series, BucketLayout buckets, ExponentialShape shape, int value, int end)
    {
        if (shape.FromNanoseconds)
        {
            value = Ticks(value);
            var inside = ir.NewLabel();
            ir.JumpIf(JumpCondition.Above, value, 1L << HistogramTicks.FirstOctave, inside);
            Add(series, buckets.ZeroOffset, _weight, 8);
            ir.Jump(end);
            ir.Mark(inside);
        }
        else
        {
            Outside(series, buckets, value, end);
        }

        var first = shape.FromNanoseconds ? HistogramTicks.FirstOctave : 0;
        var octave = ir.Assign(ir.NewRegister(), -(long)first);
        HighestBit(ir.Assign(ir.NewRegister(), value), octave);
        var shift = ir.Alu(AluOperation.Subtract, ir.Constant(63 - first), IrOperand.Of(octave));
        var mantissa = ir.Alu(AluOperation.ShiftLeft, value, IrOperand.Of(shift));
        // Ticks are above 2^first, so the lowest bucket is the one above it; of other values, 1 is in the bucket below.
        var index = ir.Alu(AluOperation.ShiftLeft, octave, IrOperand.Constant(shape.Scale));
        if (shape.FromNanoseconds)
            index = ir.Alu(AluOperation.Subtract, index, IrOperand.Constant(1));
        Above(index, mantissa, HistogramTicks.Mantissas(shape.Scale));
        Bucket(series, buckets, index);
    }

    /// <summary>
    /// Ticks of 2^-30 s, rounded up, so that a time is above 2^k ticks if and only if its number is. Exact: n ns are n * 2^21 / 5^9 ticks.
    /// Below 2^30 ns a product estimates the quotient to less than two too low, and what is left corrects it; a division costs ten times
    /// as much, which no longer matters for what took a second. From 2^43 ns on, all is in the last bucket.
    /// </summary>
    private int Ticks(int nanoseconds)
    {
        const int multiplierShift = 26;
        const int multiplier = 72057594; // 2^30 / 10^9 * 2^26, low by 5 parts in 10^10
        var ticks = ir.NewRegister();
        var (slow, end) = (ir.NewLabel(), ir.NewLabel());
        ir.JumpIf(JumpCondition.AboveOrEqual, nanoseconds, 1L << 30, slow);
        ir.Alu(AluOperation.Multiply, ticks, nanoseconds, IrOperand.Constant(multiplier));
        ir.Alu(AluOperation.ShiftRight, ticks, ticks, IrOperand.Constant(multiplierShift));
        var exact = ir.Alu(AluOperation.ShiftLeft, nanoseconds, HistogramTicks.TicksShift);
        var rest = ir.Alu(
            AluOperation.Subtract, exact, IrOperand.Of(ir.Alu(AluOperation.Multiply, ticks, HistogramTicks.TicksDivisor)));
        ir.JumpIf(JumpCondition.Equal, rest, 0, end);
        ir.Alu(AluOperation.Add, ticks, ticks, IrOperand.Constant(1));
        ir.JumpIf(JumpCondition.BelowOrEqual, rest, HistogramTicks.TicksDivisor, end);
        ir.Alu(AluOperation.Add, ticks, ticks, IrOperand.Constant(1));
        ir.Jump(end);

        ir.Mark(slow);
        var limited = ir.Assign(ir.NewRegister(), nanoseconds);
        var small = ir.NewLabel();
        ir.JumpIf(JumpCondition.Below, limited, 1L << 42, small);
        ir.Assign(limited, 1L << 42);
        ir.Mark(small);
        var raised = ir.Alu(AluOperation.ShiftLeft, limited, HistogramTicks.TicksShift);
        ir.Alu(AluOperation.Add, ticks, raised, IrOperand.Constant(HistogramTicks.TicksDivisor - 1));
        ir.Alu(AluOperation.Divide, ticks, ticks, IrOperand.Constant(HistogramTicks.TicksDivisor));
        ir.Mark(end);
        return ticks;
    }

    /// <summary>Adds to an index how many of the bounds a mantissa is above, by halving what is left of them.</summary>
    private void Above(int index, int mantissa, ReadOnlySpan<ulong> bounds)
    {
        var end = ir.NewLabel();
        Halve(0, bounds);
        ir.Mark(end);

        void Halve(int below, ReadOnlySpan<ulong> left)
        {
            if (left.IsEmpty)
            {
                if (below > 0)
                    ir.Alu(AluOperation.Add, index, index, IrOperand.Constant(below));
                ir.Jump(end);
                return;
            }
            var middle = left.Length / 2;
            var upper = ir.NewLabel();
            ir.JumpIf(JumpCondition.Above, mantissa, (long)left[middle], upper);
            Halve(below, left[..middle]);
            ir.Mark(upper);
            Halve(below + middle + 1, left[(middle + 1)..]);
        }
    }

    private void Explicit(IrOperand series, BucketLayout buckets, IReadOnlyList<long> bounds, int from, int to, int value, int end)
    {
        if (from == to)
        {
            Add(series, buckets.Offset + 4 * from, _weight, 4);
            ir.Jump(end);
            return;
        }
        var middle = (from + to) / 2;
        var above = ir.NewLabel();
        ir.JumpIf(signed ? JumpCondition.Greater : JumpCondition.Above, value, bounds[middle], above);
        Explicit(series, buckets, bounds, from, middle, value, end);
        ir.Mark(above);
        Explicit(series, buckets, bounds, middle + 1, to, value, end);
    }

    private void Linear(IrOperand series, BucketLayout buckets, LinearShape shape, int value, int end)
    {
        var (inside, below) = (ir.NewLabel(), ir.NewLabel());
        ir.JumpIf(signed ? JumpCondition.Less : JumpCondition.Below, value, shape.Minimum, below);
        ir.JumpIf(signed ? JumpCondition.Less : JumpCondition.Below, value, shape.Maximum, inside);
        Add(series, buckets.Offset + 4 * (buckets.Count - 1), _weight, 4);
        ir.Jump(end);
        ir.Mark(below);
        Add(series, buckets.Offset, _weight, 4);
        ir.Jump(end);
        ir.Mark(inside);
        var distance = ir.Alu(AluOperation.Subtract, value, shape.Minimum);
        var index = long.IsPow2(shape.Step)
            ? ir.Alu(AluOperation.ShiftRight, distance, long.Log2(shape.Step))
            : ir.Alu(AluOperation.Divide, distance, shape.Step);
        Bucket(series, buckets, ir.Alu(AluOperation.Add, index, 1L));
    }

    /// <summary>Counts in the bucket of an index; one that is too high is the last.</summary>
    private void Bucket(IrOperand series, BucketLayout buckets, int index)
    {
        var inside = ir.NewLabel();
        ir.JumpIf(JumpCondition.BelowOrEqual, index, buckets.Count - 1, inside);
        ir.Assign(index, (long)(buckets.Count - 1));
        ir.Mark(inside);
        var offset = ir.Alu(AluOperation.ShiftLeft, index, 2L);
        var bucket = ir.Alu(AluOperation.Add, series.Register, IrOperand.Of(offset));
        Add(IrOperand.Of(bucket), buckets.Offset, _weight, 4);
    }
}
