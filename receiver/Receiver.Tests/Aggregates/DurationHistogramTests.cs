using System.Numerics;
using EbpfReceiver.Aggregates;
using EbpfReceiver.Otlp;

namespace EbpfReceiver.Tests.Aggregates;

public class DurationHistogramTests
{
    private const int Scale = 2;

    [Fact]
    public void Every_duration_falls_into_the_bucket_whose_bounds_contain_it()
    {
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++)
        {
            ulong nanoseconds = (ulong)Math.Pow(2, 10 + random.NextDouble() * 29.8);
            AssertContains(nanoseconds / 1e9);
        }

        for (int octave = -20; octave < 10; octave++)
        {
            double power = Math.Pow(2, octave);
            Assert.Equal((octave << Scale) - 1, DurationHistogram.IndexOf(power));
            Assert.Equal(octave << Scale, DurationHistogram.IndexOf(Math.BitIncrement(power)));
            AssertContains(Math.BitDecrement(power));
        }
    }

    [Fact]
    public void Counts_lie_where_an_exact_computation_puts_them()
    {
        var histogram = new DurationHistogram();
        var expected = new Dictionary<int, ulong>();
        var random = new Random(4);
        ulong zero = 0;
        for (int i = 0; i < 5000; i++)
        {
            ulong nanoseconds = (ulong)Math.Pow(2, random.NextDouble() * 39);
            histogram.Observe(nanoseconds);
            if (new BigInteger(nanoseconds) << 20 <= 1_000_000_000) zero++;
            else expected[ExactIndex(nanoseconds)] = expected.GetValueOrDefault(ExactIndex(nanoseconds)) + 1;
        }

        ExponentialHistogram point = histogram.Point();
        Assert.Equal(5000u, point.Count);
        Assert.Equal(zero, point.ZeroCount);
        Assert.Equal(Math.Pow(2, -20), point.ZeroThreshold);
        for (int i = 0; i < point.Positive.Length; i++)
            Assert.Equal(expected.GetValueOrDefault(point.Offset + i), point.Positive[i]);
    }

    /// <summary>The index by integers alone: the greatest i with 2^i &lt; (ns / 10^9)^4.</summary>
    private static int ExactIndex(ulong nanoseconds)
    {
        BigInteger value = BigInteger.Pow(nanoseconds, 1 << Scale);
        BigInteger unit = BigInteger.Pow(1_000_000_000, 1 << Scale);
        int index = (int)(value.GetBitLength() - unit.GetBitLength()) - 2;
        while (Less(index + 1)) index++;
        return index;

        bool Less(int power) => power >= 0 ? unit << power < value : unit < value << -power;
    }

    private static void AssertContains(double seconds)
    {
        int index = DurationHistogram.IndexOf(seconds);
        double width = 1.0 / (1 << Scale);
        Assert.True(seconds > Math.Pow(2, index * width), $"{seconds:R} in bucket {index}");
        Assert.True(seconds <= Math.Pow(2, (index + 1) * width), $"{seconds:R} in bucket {index}");
    }
}
