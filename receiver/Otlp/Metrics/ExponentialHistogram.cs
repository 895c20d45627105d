namespace EbpfReceiver.Otlp;

/// <summary>
/// The values of one exponential histogram point. Bucket i of scale s counts values in (base^i, base^(i+1)] with
/// base = 2^(2^-s).
/// </summary>
public readonly ref struct ExponentialHistogram
{
    /// <summary>A histogram of positive values.</summary>
    public ExponentialHistogram()
    {
        Minimum = double.NaN;
        Maximum = double.NaN;
    }

    /// <summary>Resolution: 2^scale buckets for each doubling.</summary>
    public int Scale { get; init; }

    /// <summary>All values counted, those of the zero bucket included.</summary>
    public ulong Count { get; init; }

    /// <summary>The sum of all values, in the metric's unit.</summary>
    public double Sum { get; init; }

    /// <summary>The smallest value; NaN when not known.</summary>
    public double Minimum { get; init; }

    /// <summary>The largest value; NaN when not known.</summary>
    public double Maximum { get; init; }

    /// <summary>Values of at most <see cref="ZeroThreshold"/>.</summary>
    public ulong ZeroCount { get; init; }

    /// <summary>The upper end of the zero bucket, in the metric's unit.</summary>
    public double ZeroThreshold { get; init; }

    /// <summary>The bucket index of the first of <see cref="Positive"/>.</summary>
    public int Offset { get; init; }

    /// <summary>Counts by bucket, dense; zeros at either end are left out of what is written.</summary>
    public ReadOnlySpan<ulong> Positive { get; init; }
}
