namespace EbpfReceiver.Aggregates;

/// <summary>The values of one key of a map, its CPUs added up, and what of them was sent before.</summary>
internal sealed class Series
{
    private readonly ulong[] _before;

    /// <param name="key">The key's bytes, filled up with zeros.</param>
    /// <param name="counters">How many counters a value has.</param>
    /// <param name="scales">The scales of its histograms.</param>
    /// <param name="start">Unix ns: from when it counts.</param>
    public Series(UInt128 key, int counters, ReadOnlySpan<int> scales, ulong start)
    {
        Key = key;
        Start = start;
        Counters = new ulong[counters];
        _before = new ulong[counters];
        Histograms = new HistogramState[scales.Length];
        for (int i = 0; i < scales.Length; i++) Histograms[i] = new HistogramState(scales[i]);
    }

    /// <summary>The key's bytes, filled up with zeros; the first byte of the key is the lowest.</summary>
    public UInt128 Key { get; }

    /// <summary>Unix ns: from when it counts.</summary>
    public ulong Start { get; }

    /// <summary>Which reading saw it last.</summary>
    public int Generation { get; set; }

    /// <summary>It was sent as a difference before, so the next one counts from then.</summary>
    public bool WasSent { get; private set; }

    /// <summary>The counters of this reading.</summary>
    public ulong[] Counters { get; }

    /// <summary>The histograms of this reading.</summary>
    public HistogramState[] Histograms { get; }

    /// <summary>Begins a reading.</summary>
    public void Begin()
    {
        Array.Clear(Counters);
        foreach (HistogramState histogram in Histograms) histogram.Begin();
    }

    /// <summary>A counter: all there ever was, or what came since <see cref="Keep"/>.</summary>
    public ulong Counter(int index, bool delta) => delta ? Counters[index] - _before[index] : Counters[index];

    /// <summary>What there is now is what the next difference counts from.</summary>
    public void Keep()
    {
        Counters.CopyTo(_before, 0);
        foreach (HistogramState histogram in Histograms) histogram.Keep();
        WasSent = true;
    }
}
