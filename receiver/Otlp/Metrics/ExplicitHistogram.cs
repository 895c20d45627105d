namespace EbpfReceiver.Otlp;

/// <summary>
/// The values of one point of a histogram with explicit bounds. Bucket i counts values in (bound[i - 1], bound[i]]; the last one those over the
/// last bound.
/// </summary>
public readonly ref struct ExplicitHistogram
{
    /// <summary>A histogram without buckets.</summary>
    public ExplicitHistogram()
    {
        Minimum = double.NaN;
        Maximum = double.NaN;
    }

    /// <summary>All values counted: the sum of <see cref="Buckets"/>.</summary>
    public ulong Count { get; init; }

    /// <summary>The sum of all values, in the metric's unit; NaN when not known, or when values may be negative.</summary>
    public double Sum { get; init; }

    /// <summary>The smallest value; NaN when not known.</summary>
    public double Minimum { get; init; }

    /// <summary>The largest value; NaN when not known.</summary>
    public double Maximum { get; init; }

    /// <summary>Upper ends of the buckets, ascending, in the metric's unit.</summary>
    public ReadOnlySpan<double> Bounds { get; init; }

    /// <summary>Counts by bucket: one more than there are bounds.</summary>
    public ReadOnlySpan<ulong> Buckets { get; init; }
}
