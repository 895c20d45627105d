namespace EbpfReceiver.Terminal;

/// <summary>Durations in exponential buckets, merged from series of any scale.</summary>
internal sealed class LatencyDistribution
{
    private readonly SortedDictionary<int, double> _buckets = [];
    private int _scale = int.MaxValue;

    public double Count { get; private set; }

    private double Zero { get; set; }

    /// <summary>Adds values too small for a bucket.</summary>
    public void AddZero(double count)
    {
        Zero += count;
        Count += count;
    }

    /// <summary>Adds values of bucket (2^(index / 2^scale), 2^((index + 1) / 2^scale)] seconds.</summary>
    public void Add(int index, int scale, double count)
    {
        if (count <= 0)
            return;
        if (scale < _scale)
            Rescale(scale);
        index >>= Math.Min(31, scale - _scale);
        _buckets[index] = _buckets.GetValueOrDefault(index) + count;
        Count += count;
    }

    /// <summary>Adds another distribution.</summary>
    public void Add(LatencyDistribution other)
    {
        AddZero(other.Zero);
        foreach ((int index, double count) in other._buckets)
            Add(index, other._scale, count);
    }

    /// <summary>The value in seconds below which a share of all values is, to the precision of the buckets: the bucket's geometric middle.</summary>
    public double Quantile(double share)
    {
        double rank = share * Count, seen = Zero;
        if (_buckets.Count == 0 || seen >= rank)
            return 0;
        foreach ((int index, double count) in _buckets)
        {
            seen += count;
            if (seen >= rank)
                return Bound(index + 0.5);
        }

        return Maximum;
    }

    /// <summary>The upper bound of the highest bucket that is not empty, in seconds.</summary>
    public double Maximum => _buckets.Count == 0 ? 0 : Bound(_buckets.Keys.Last() + 1);

    /// <summary>Counts by powers of two of seconds, from the lowest that is not empty to the highest.</summary>
    public (int FirstExponent, double[] Counts) Octaves()
    {
        if (_buckets.Count == 0)
            return (0, []);
        int shift = Math.Max(0, _scale);
        int first = _buckets.Keys.First() >> shift, last = _buckets.Keys.Last() >> shift;
        double[] counts = new double[Math.Min((long)last - first + 1, 64)];
        foreach ((int index, double count) in _buckets)
            counts[Math.Min((long)(index >> shift) - first, counts.Length - 1)] += count;
        return (first, counts);
    }

    private double Bound(double index) => Math.Pow(2, index / Math.Pow(2, _scale));

    private void Rescale(int scale)
    {
        int shift = Math.Min(31, _scale == int.MaxValue ? 0 : _scale - scale);
        _scale = scale;
        if (_buckets.Count == 0)
            return;
        KeyValuePair<int, double>[] old = [.. _buckets];
        _buckets.Clear();
        foreach ((int index, double count) in old)
            _buckets[index >> shift] = _buckets.GetValueOrDefault(index >> shift) + count;
    }
}
