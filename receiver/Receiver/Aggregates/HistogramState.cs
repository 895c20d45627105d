using System.Runtime.InteropServices;
using EbpfReceiver.Otlp;

namespace EbpfReceiver.Aggregates;

/// <summary>
/// A histogram of the kernel side, its CPUs added up. The kernel counts buckets in 32 bits a CPU, which can come round within days: each
/// reading adds what came since the one before.
/// </summary>
internal sealed class HistogramState
{
    /// <summary>Octaves of ticks of 2^-30 s that the kernel side tells apart, and the first of them (probes/bpf/samples.h).</summary>
    public const int Octaves = 30;

    /// <summary>Bucket 0 begins at 2^10 ticks, which is 2^-20 s.</summary>
    public const int FirstOctaveOfSeconds = -20;

    /// <summary>What is not longer is counted as zero: 2^-20 s.</summary>
    public const double ZeroThreshold = 1.0 / (1 << 20);

    private const double NanosecondsPerSecond = 1e9;

    /// <summary>count, sum, minimum, maximum, zero: before the buckets, 64 bits each.</summary>
    private const int HeadBytes = 5 * sizeof(ulong);

    /// <summary>What a point is made in; its bytes are read before the next one is made.</summary>
    [ThreadStatic]
    private static ulong[]? t_point;

    private readonly ulong[] _buckets;
    private ulong[]? _before;
    private uint[] _raw = [];
    private ulong _sum;
    private ulong _minimum;
    private ulong _maximum;
    private ulong _zero;
    private ulong _sumBefore;
    private ulong _zeroBefore;

    /// <param name="scale">Buckets an octave: 2^scale.</param>
    public HistogramState(int scale)
    {
        Scale = scale;
        _buckets = new ulong[Octaves << scale];
    }

    /// <summary>Buckets an octave: 2^scale.</summary>
    public int Scale { get; }

    /// <summary>Begins a reading: what is not kept by CPU is zero again.</summary>
    public void Begin()
    {
        _sum = 0;
        _zero = 0;
        _maximum = 0;
        _minimum = ulong.MaxValue;
    }

    /// <summary>Adds one CPU's histogram.</summary>
    /// <typeparam name="T">The mirror of struct histogram_scaleN.</typeparam>
    public void Add<T>(int cpu, in T histogram)
        where T : unmanaged => Add(cpu, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in histogram)));

    /// <summary>Adds one CPU's histogram, as it lies in the map.</summary>
    public void Add(int cpu, ReadOnlySpan<byte> histogram)
    {
        ReadOnlySpan<ulong> head = MemoryMarshal.Cast<byte, ulong>(histogram[..HeadBytes]);
        ReadOnlySpan<uint> buckets = MemoryMarshal.Cast<byte, uint>(histogram[HeadBytes..])[.._buckets.Length];
        int from = cpu * _buckets.Length;
        if (_raw.Length < from + _buckets.Length) Array.Resize(ref _raw, from + _buckets.Length);
        Span<uint> raw = _raw.AsSpan(from, _buckets.Length);
        for (int i = 0; i < buckets.Length; i++)
        {
            _buckets[i] += unchecked(buckets[i] - raw[i]);
            raw[i] = buckets[i];
        }

        if (head[0] == 0) return;
        _sum += head[1];
        _minimum = Math.Min(_minimum, head[2]);
        _maximum = Math.Max(_maximum, head[3]);
        _zero += head[4];
    }

    /// <summary>
    /// The point to send: all there ever was, or what came since <see cref="Keep"/>; good until this thread makes the next one. The count is that of the buckets, so that a value
    /// that was read half-way through an update still adds up.
    /// </summary>
    public ExponentialHistogram Point(bool delta)
    {
        ulong zero = delta ? _zero - _zeroBefore : _zero;
        ulong count = zero;
        if (t_point is null || t_point.Length < _buckets.Length) t_point = new ulong[_buckets.Length];
        Span<ulong> point = t_point.AsSpan(0, _buckets.Length);
        ReadOnlySpan<ulong> before = delta ? _before : [];
        for (int i = 0; i < point.Length; i++)
        {
            point[i] = before.IsEmpty ? _buckets[i] : _buckets[i] - before[i];
            count += point[i];
        }

        return new ExponentialHistogram
        {
            Scale = Scale,
            Count = count,
            Sum = (delta ? _sum - _sumBefore : _sum) / NanosecondsPerSecond,
            Minimum = delta || count == 0 ? double.NaN : _minimum / NanosecondsPerSecond,
            Maximum = delta || count == 0 ? double.NaN : _maximum / NanosecondsPerSecond,
            ZeroCount = zero,
            ZeroThreshold = ZeroThreshold,
            Offset = FirstOctaveOfSeconds << Scale,
            Positive = point,
        };
    }

    /// <summary>What there is now is what the next difference counts from.</summary>
    public void Keep()
    {
        _before ??= new ulong[_buckets.Length];
        _buckets.CopyTo(_before, 0);
        _sumBefore = _sum;
        _zeroBefore = _zero;
    }
}
