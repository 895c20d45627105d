using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>
/// A series as it leaves the receiver. Several keys of the map can mean the same once they are decoded (two processes of one container): they
/// are one series, whose totals never fall when a key is let go.
/// </summary>
/// <param name="attributes">Its attributes in the order of the emitter's fields; nothing for those that are left out.</param>
/// <param name="owner">The process it belongs to.</param>
/// <param name="buckets">Buckets of a histogram; 0 for others.</param>
/// <param name="start">Unix ns: from when it counts.</param>
internal sealed class DeclaredSeries(IReadOnlyList<DecodedValue> attributes, SeriesOwner owner, int buckets, ulong start)
{
    private SeriesTotals? _before;

    /// <summary>Its attributes in the order of the emitter's fields; nothing for those that are left out.</summary>
    public IReadOnlyList<DecodedValue> Attributes { get; } = attributes;

    /// <summary>The process it belongs to; none: the machine.</summary>
    public SeriesOwner Owner { get; } = owner;

    /// <summary>It takes what a full map has no room for.</summary>
    public bool IsOverflow { get; init; }

    /// <summary>Unix ns: from when it counts.</summary>
    public ulong Start { get; } = start;

    /// <summary>All it recorded.</summary>
    public SeriesTotals Totals { get; } = new(buckets);

    /// <summary>The least value; valid if <see cref="HasExtremes"/>.</summary>
    public long Minimum { get; private set; }

    /// <summary>The greatest value; valid if <see cref="HasExtremes"/>.</summary>
    public long Maximum { get; private set; }

    /// <summary>The last value; valid if <see cref="HasExtremes"/>.</summary>
    public long Last { get; private set; }

    /// <summary>Whether least, greatest and last value are known.</summary>
    public bool HasExtremes { get; private set; }

    /// <summary>Keys of the map that are recorded in it.</summary>
    public int Keys { get; set; }

    /// <summary>It was sent as a difference before, so the next one counts from then.</summary>
    public bool WasSent => _before is not null;

    /// <summary>The same series with nothing in it.</summary>
    /// <param name="now">Unix ns: from when it counts.</param>
    public DeclaredSeries Restart(ulong now) => new(Attributes, Owner, Totals.Buckets.Length, now) { IsOverflow = IsOverflow };

    /// <summary>The totals, or what came since <see cref="Keep"/>.</summary>
    public SeriesTotals Values(bool delta) => delta && _before is { } before ? Totals.Since(before) : Totals;

    /// <summary>Takes least, greatest and last value of a reading.</summary>
    public void Observe(RecordedValue value)
    {
        Minimum = HasExtremes ? value.Lesser(Minimum, value.Minimum) : value.Minimum;
        Maximum = HasExtremes ? value.Greater(Maximum, value.Maximum) : value.Maximum;
        Last = value.Last;
        HasExtremes = true;
    }

    /// <summary>What is observed from now on is compared with itself only: gauges of least and greatest values begin again.</summary>
    public void ForgetExtremes() => HasExtremes = false;

    /// <summary>What there is now is what the next difference counts from.</summary>
    public void Keep()
    {
        _before ??= new SeriesTotals(Totals.Buckets.Length);
        _before.CopyFrom(Totals);
    }
}
