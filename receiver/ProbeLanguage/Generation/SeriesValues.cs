namespace EbpfReceiver.ProbeLanguage;

/// <summary>Lays out the values of series.</summary>
internal static class SeriesValues
{
    private const int HistogramHead = 32; // count, sum, minimum, maximum

    public static ValueLayout LayoutOf(BoundEmitter emitter, IEnumerable<ProbeType> values) => emitter.Kind switch
    {
        EmitterKind.Gauge => emitter.Gauge switch
        {
            GaugeMode.Last => new() { Size = 16, CountOffset = 0, LastOffset = 8 },
            GaugeMode.Minimum => new() { Size = 16, CountOffset = 0, MinimumOffset = 8 },
            _ => new() { Size = 16, CountOffset = 0, MaximumOffset = 8 },
        },
        EmitterKind.Histogram => Histogram(emitter, values),
        _ => new() { Size = 8, SumOffset = 0 },
    };

    private static ValueLayout Histogram(BoundEmitter emitter, IEnumerable<ProbeType> values)
    {
        var bits = values.Select(static t => t.Size * 8 - (t.IsSigned ? 1 : 0)).DefaultIfEmpty(64).Max();
        var shape = emitter.Histogram ?? new ExponentialShape(0, false);
        // What can't be below 0 needs no count of it; the zero count comes first.
        var offset = HistogramHead;
        var hasZero = shape is ExponentialShape or PowersOfTwoShape;
        var hasNegative = hasZero && emitter.IsSigned;
        var zero = hasZero ? offset : -1;
        offset += hasZero ? 8 : 0;
        var negative = hasNegative ? offset : -1;
        offset += hasNegative ? 8 : 0;
        var buckets = new BucketLayout
        {
            Shape = shape,
            Offset = offset,
            Count = shape switch
            {
                ExponentialShape { FromNanoseconds: true } e => HistogramTicks.Octaves << e.Scale,
                ExponentialShape e => (bits << e.Scale) + 1,
                PowersOfTwoShape => bits,
                ExplicitShape e => e.Bounds.Count + 1,
                LinearShape e => (int)((e.Maximum - e.Minimum) / e.Step) + 2,
                _ => throw new ArgumentOutOfRangeException(nameof(emitter), shape, "It is no shape of a histogram."),
            },
            FirstIndex = shape switch
            {
                ExponentialShape { FromNanoseconds: true } e => (HistogramTicks.FirstOctave - 30) * (1 << e.Scale),
                ExponentialShape => -1,
                _ => 0,
            },
            ZeroOffset = zero,
            NegativeOffset = negative,
            ZeroThreshold = shape is ExponentialShape { FromNanoseconds: true } ? Math.ScaleB(1, HistogramTicks.FirstOctave - 30) : 0,
        };
        return new()
        {
            Size = (offset + buckets.Count * 4 + 7) & ~7,
            CountOffset = 0,
            SumOffset = 8,
            MinimumOffset = 16,
            MaximumOffset = 24,
            Buckets = buckets,
        };
    }
}
