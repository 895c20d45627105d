namespace EbpfReceiver.Probes.Declared;

/// <summary>One key of a map: what was read of it last, and which series it is recorded in.</summary>
/// <param name="key">The key.</param>
/// <param name="series">What it is recorded in.</param>
/// <param name="buckets">Buckets of a histogram; 0 for others.</param>
internal sealed class KernelSeries(byte[] key, DeclaredSeries series, int buckets)
{
    private readonly uint[] _buckets = new uint[buckets];
    private ulong _count;
    private ulong _sum;
    private ulong _zero;
    private ulong _negative;

    /// <summary>The key.</summary>
    public byte[] Key { get; } = key;

    /// <summary>What it is recorded in.</summary>
    public DeclaredSeries Series { get; set; } = series;

    /// <summary>Which reading saw it last.</summary>
    public int Generation { get; set; }

    /// <summary><see cref="Environment.TickCount64"/> when it last changed.</summary>
    public long ChangedAt { get; private set; } = Environment.TickCount64;

    /// <summary>Gives the series what came since the reading before.</summary>
    public void Advance(RecordedValue now)
    {
        // Fewer than before: the entry was taken out of the map and made again.
        if (now.Count < _count) Begin();
        bool changed = now.Count != _count || now.Sum != _sum;
        SeriesTotals totals = Series.Totals;
        totals.Count += now.Count - _count;
        totals.Sum += now.Sum - _sum;
        totals.Zero += now.Zero - _zero;
        totals.Negative += now.Negative - _negative;
        for (int i = 0; i < _buckets.Length; i++)
        {
            totals.Buckets[i] += unchecked(now.Buckets[i] - _buckets[i]);
            _buckets[i] = now.Buckets[i];
        }

        (_count, _sum, _zero, _negative) = (now.Count, now.Sum, now.Zero, now.Negative);
        if (changed) ChangedAt = Environment.TickCount64;
        if (changed || !Series.HasExtremes) Series.Observe(now);
    }

    /// <summary>The entry begins from zero.</summary>
    public void Begin()
    {
        _count = _sum = _zero = _negative = 0;
        Array.Clear(_buckets);
    }
}
