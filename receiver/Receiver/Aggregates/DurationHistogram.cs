using EbpfReceiver.Otlp;

namespace EbpfReceiver.Aggregates;

/// <summary>An exponential histogram of durations that user space itself counts, at scale 2, from 2^-20 s to 2^10 s as in the kernel.</summary>
internal sealed class DurationHistogram
{
    private const int Scale = 2;
    private const int FirstIndex = HistogramState.FirstOctaveOfSeconds << Scale;
    private const double NanosecondsPerSecond = 1e9;

    private readonly ulong[] _buckets = new ulong[HistogramState.Octaves << Scale];
    private ulong _sum;
    private ulong _minimum = ulong.MaxValue;
    private ulong _maximum;
    private ulong _zero;

    /// <summary>How many durations were counted.</summary>
    public ulong Count { get; private set; }

    /// <summary>Counts a duration.</summary>
    public void Observe(ulong nanoseconds)
    {
        Count++;
        _sum += nanoseconds;
        _minimum = Math.Min(_minimum, nanoseconds);
        _maximum = Math.Max(_maximum, nanoseconds);
        double seconds = nanoseconds / NanosecondsPerSecond;
        if (seconds <= HistogramState.ZeroThreshold) _zero++;
        else _buckets[Math.Clamp(IndexOf(seconds) - FirstIndex, 0, _buckets.Length - 1)]++;
    }

    /// <summary>All that was counted.</summary>
    public ExponentialHistogram Point() => new()
    {
        Scale = Scale,
        Count = Count,
        Sum = _sum / NanosecondsPerSecond,
        Minimum = _minimum / NanosecondsPerSecond,
        Maximum = _maximum / NanosecondsPerSecond,
        ZeroCount = _zero,
        ZeroThreshold = HistogramState.ZeroThreshold,
        Offset = FirstIndex,
        Positive = _buckets,
    };

    /// <summary>Begins again.</summary>
    public void Clear()
    {
        Array.Clear(_buckets);
        Count = _sum = _zero = _maximum = 0;
        _minimum = ulong.MaxValue;
    }

    /// <summary>
    /// The OTLP bucket of a value: the upper end belongs to it. The logarithm is right to less than a bucket; what is left is decided by
    /// comparing with the boundary itself.
    /// </summary>
    internal static int IndexOf(double seconds)
    {
        int index = (int)Math.Ceiling(Math.Log2(seconds) * (1 << Scale)) - 1;
        if (seconds <= UpperEnd(index - 1)) return index - 1;
        return seconds > UpperEnd(index) ? index + 1 : index;
    }

    private static double UpperEnd(int index) => Math.Pow(2, (index + 1) / (double)(1 << Scale));
}
