using System.Numerics;
using EbpfReceiver.ProbeLanguage.Tests.Interpretation;
using Xunit;

namespace EbpfReceiver.ProbeLanguage.Tests.Generation;

/// <summary>Buckets against integers without bound: a value is in bucket i of scale s if 2^i &lt; value^(2^s) &lt;= 2^(i + 1).</summary>
public sealed class HistogramTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Exponential_buckets_are_exact_at_and_around_every_bound(int scale)
    {
        var histogram = new Histogram(new ExponentialShape(scale, false), ProbeType.U64);
        var bounds = HistogramTicks.Mantissas(scale);
        for (var octave = 0; octave < 64; octave++)
        {
            foreach (var mantissa in bounds)
            {
                var bound = mantissa >> (63 - octave);
                foreach (var value in (ReadOnlySpan<ulong>)[bound - 1, bound, bound + 1])
                {
                    if (value != 0)
                        Assert.Equal((value, IndexOf(value, 1, scale)), (value, histogram.IndexOf(value)));
                }
            }
        }
        Assert.Equal(IndexOf(ulong.MaxValue, 1, scale), histogram.IndexOf(ulong.MaxValue));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Durations_are_in_the_bucket_of_their_seconds(int scale)
    {
        var histogram = new Histogram(new ExponentialShape(scale, true), ProbeType.U64);
        // From 2^-20 s, the zero threshold, to 2^10 s: every power of two, and the ns around it.
        for (var power = -20; power <= 10; power++)
        {
            var nanoseconds = (ulong)Math.Floor(1e9 * Math.Pow(2, power));
            for (var value = nanoseconds - 2; value <= nanoseconds + (power < 10 ? 2u : 0); value++)
                Assert.Equal((value, SecondsIndexOf(value, scale)), (value, histogram.IndexOf(value)));
        }
        // In between a bound is no whole number of ticks: a duration counts with its ticks rounded up.
        var random = new Random(scale);
        for (var i = 0; i < 4000; i++)
        {
            var value = 1000 + (ulong)Math.Pow(2, random.NextDouble() * 29 + 10);
            var ticks = ((BigInteger)value * (1 << 21) + 1953124) / 1953125;
            Assert.Equal((value, IndexOf(ticks, 1, scale) - 30 * (1 << scale)), (value, histogram.IndexOf(value)));
        }
        Assert.Equal(10 * (1 << scale) - 1, histogram.IndexOf(ulong.MaxValue));
        Assert.Equal(10 * (1 << scale) - 1, histogram.IndexOf(1UL << 43));
    }

    [Fact]
    public void The_shortest_durations_are_counted_as_zero()
    {
        var histogram = new Histogram(new ExponentialShape(2, true), ProbeType.U64);
        Assert.Equal(Math.ScaleB(1, -20), histogram.Layout.Buckets!.ZeroThreshold);
        foreach (var (value, isZero) in new (ulong, bool)[] { (0, true), (1, true), (953, true), (954, false) })
            Assert.Equal(isZero, histogram.IndexOf(value) is null);
    }

    [Fact]
    public void Count_sum_least_and_greatest_are_exact()
    {
        var random = new Random(5);
        var histogram = new Histogram(new ExponentialShape(2, false), ProbeType.I64);
        var values = Enumerable.Range(0, 500).Select(_ => random.NextInt64(-1_000_000, 1_000_000)).ToArray();
        foreach (var value in values)
            histogram.Observe((ulong)value);
        var bytes = histogram.Bytes;
        Assert.Equal(500, BitConverter.ToInt64(bytes, histogram.Layout.CountOffset));
        Assert.Equal(values.Sum(), BitConverter.ToInt64(bytes, histogram.Layout.SumOffset));
        Assert.Equal(values.Min(), BitConverter.ToInt64(bytes, histogram.Layout.MinimumOffset));
        Assert.Equal(values.Max(), BitConverter.ToInt64(bytes, histogram.Layout.MaximumOffset));
        Assert.Equal(values.Count(static v => v < 0), BitConverter.ToInt64(bytes, histogram.Layout.Buckets!.NegativeOffset));
        Assert.Equal(values.Count(static v => v > 0), histogram.Buckets().Sum(static b => (int)b));
    }

    [Fact]
    public void Powers_of_two_have_inclusive_lower_ends()
    {
        var histogram = new Histogram(new PowersOfTwoShape(), ProbeType.U64);
        for (var power = 0; power < 64; power++)
        {
            Assert.Equal(power, histogram.IndexOf(1UL << power));
            Assert.Equal(power, histogram.IndexOf((1UL << power) + ((1UL << power) - 1)));
        }
    }

    [Fact]
    public void Explicit_bounds_belong_to_the_bucket_below()
    {
        long[] bounds = [-10, 0, 5, 1000, 1L << 40];
        var histogram = new Histogram(new ExplicitShape(bounds), ProbeType.I64);
        foreach (var value in bounds.SelectMany(static b => new[] { b - 1, b, b + 1 }).Concat([long.MinValue, long.MaxValue]))
            Assert.Equal((value, bounds.Count(b => value > b)), (value, histogram.IndexOf((ulong)value)));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(16)]
    public void Linear_buckets_have_inclusive_lower_ends(long step)
    {
        var (least, most) = (20L, 20 + 7 * step);
        var histogram = new Histogram(new LinearShape(least, most, step), ProbeType.I64);
        for (var value = -5L; value < most + 30; value++)
        {
            var expected = value < least ? 0 : value >= most ? 8 : 1 + (value - least) / step;
            Assert.Equal((value, (int?)expected), (value, histogram.IndexOf((ulong)value)));
        }
    }

    /// <summary>i such that 2^i &lt; (numerator / denominator)^(2^scale) &lt;= 2^(i + 1).</summary>
    private static int? IndexOf(BigInteger numerator, BigInteger denominator, int scale)
    {
        var n = BigInteger.Pow(numerator, 1 << scale);
        var d = BigInteger.Pow(denominator, 1 << scale);
        var exponent = (int)(n.GetBitLength() - d.GetBitLength()) - 2;
        while (n > Shifted(d, exponent))
        {
            exponent++;
            if (exponent < 0 && n << -exponent <= d)
                break;
        }
        return exponent - 1;

        BigInteger Shifted(BigInteger value, int by) => by >= 0 ? value << by : value >> -by;
    }

    private static int? SecondsIndexOf(ulong nanoseconds, int scale) =>
        (BigInteger)nanoseconds << 20 <= 1_000_000_000 ? null
        : IndexOf((BigInteger)nanoseconds << 40, 1_000_000_000, scale) - 40 * (1 << scale);

    private sealed class Histogram
    {
        private readonly BpfMachine _machine;
        private uint[] _before;

        public Histogram(HistogramShape shape, ProbeType type)
        {
            var emitter = TestProbes.Emitter(EmitterKind.Histogram) with { Histogram = shape, IsSigned = type.IsSigned };
            var program = TestProbes.Program(emissions: TestProbes.Emission(0, TestProbes.Argument(0, type)));
            var compiled = ProbeCompiler.Compile(TestProbes.Single(program, emitter));
            Layout = compiled.Series[0].Value;
            _machine = new(compiled.Object);
            _before = Buckets();
        }

        public ValueLayout Layout { get; }

        public byte[] Bytes => _machine.Bytes(_machine.Map("series0").Lookup(new byte[4]));

        public uint[] Buckets() =>
            [.. Enumerable.Range(0, Layout.Buckets!.Count).Select(i => BitConverter.ToUInt32(Bytes, Layout.Buckets.Offset + 4 * i))];

        public void Observe(ulong value) => _machine.Run(TestProbes.HitProgram, BitConverter.GetBytes(value));

        /// <summary>Index of the bucket that a value is counted in; null: none.</summary>
        public int? IndexOf(ulong value)
        {
            Observe(value);
            var after = Buckets();
            int? found = null;
            for (var i = 0; i < after.Length; i++)
            {
                if (after[i] != _before[i])
                    found = i + Layout.Buckets!.FirstIndex;
            }
            _before = after;
            return found;
        }
    }
}
