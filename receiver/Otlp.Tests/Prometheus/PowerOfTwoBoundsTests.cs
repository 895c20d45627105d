using Google.Protobuf;
using OpenTelemetry.Proto.Metrics.V1;
using Buckets = OpenTelemetry.Proto.Metrics.V1.ExponentialHistogramDataPoint.Types.Buckets;

namespace EbpfReceiver.Otlp.Tests.Prometheus;

public class PowerOfTwoBoundsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(20)]
    public void Every_value_is_counted_under_the_smallest_power_of_two_that_holds_it(int scale)
    {
        PowerOfTwoBounds bounds = PowerOfTwoBounds.For("s"u8);
        var random = new Random(scale);
        for (int i = 0; i < 200; i++)
        {
            double value = Math.Pow(2, random.NextDouble() * 40 - 25);
            // The bucket that the specification puts the value in: (base^index, base^(index + 1)].
            int index = (int)Math.Ceiling(Math.Log2(value) * Math.Pow(2, scale)) - 1;
            ulong[] counts = Count(bounds, new ExponentialHistogramDataPoint
            {
                Scale = scale,
                Positive = new Buckets { Offset = index, BucketCounts = { 3 } },
            });
            int expected = bounds.Bounds.Count(b => b < value);
            Assert.Equal(expected, Array.IndexOf(counts, 3UL));
        }
    }

    [Fact]
    public void The_zero_bucket_goes_where_its_threshold_is_and_negative_values_go_first()
    {
        PowerOfTwoBounds bounds = PowerOfTwoBounds.For("s"u8);
        ulong[] counts = Count(bounds, new ExponentialHistogramDataPoint { ZeroCount = 5, ZeroThreshold = Math.ScaleB(1, -20) });
        Assert.Equal(5UL, counts[0]);
        counts = Count(bounds, new ExponentialHistogramDataPoint { ZeroCount = 5, ZeroThreshold = 0.3 });
        Assert.Equal(0.5, bounds.Bounds[Array.IndexOf(counts, 5UL)]);
        counts = Count(bounds, new ExponentialHistogramDataPoint { Negative = new Buckets { BucketCounts = { 1, 2 } } });
        Assert.Equal(3UL, counts[0]);
    }

    [Theory]
    [InlineData(-1, 0, 4)]
    [InlineData(-1, 1, 16)]
    [InlineData(-2, 0, 16)]
    [InlineData(-1, -1, 1)]
    public void Buckets_wider_than_an_octave_count_at_their_upper_end(int scale, int index, double upper)
    {
        PowerOfTwoBounds bounds = PowerOfTwoBounds.For("s"u8);
        ulong[] counts = Count(bounds, new ExponentialHistogramDataPoint
        {
            Scale = scale,
            Positive = new Buckets { Offset = index, BucketCounts = { 9 } },
        });
        Assert.Equal(upper, bounds.Bounds[Array.IndexOf(counts, 9UL)]);
    }

    [Theory]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(int.MinValue, int.MaxValue)]
    [InlineData(int.MinValue, int.MinValue)]
    [InlineData(int.MaxValue, int.MinValue)]
    public void Absurd_scales_and_offsets_are_counted_somewhere(int scale, int offset)
    {
        ulong[] counts = Count(PowerOfTwoBounds.For("By"u8), new ExponentialHistogramDataPoint
        {
            Scale = scale,
            Positive = new Buckets { Offset = offset, BucketCounts = { 1, 2, 3 } },
        });
        Assert.Equal(6UL, counts.Aggregate(0UL, (sum, c) => sum + c));
    }

    private static ulong[] Count(PowerOfTwoBounds bounds, ExponentialHistogramDataPoint point)
    {
        var counts = new ulong[bounds.Bounds.Length + 1];
        bounds.Add(point.ToByteArray(), counts);
        return counts;
    }
}
