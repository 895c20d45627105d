using System.Runtime.InteropServices;
using EbpfReceiver.Otlp;

namespace EbpfReceiver.Aggregates;

/// <summary>
/// The metrics that one map of aggregates gives. Every reading adds up the CPUs of each key, writes the points, and remembers what was
/// sent. Used by one thread at a time.
/// </summary>
internal abstract class MapAggregate
{
    private readonly Dictionary<UInt128, Series> _series = [];
    private readonly int _counters;
    private readonly int[] _scales;
    private int _generation;
    private ulong _attachedAt;

    /// <param name="mapName">The map's name in the object.</param>
    /// <param name="counters">How many counters a value has.</param>
    /// <param name="scales">The scales of its histograms.</param>
    protected MapAggregate(string mapName, int counters, params int[] scales)
    {
        MapName = mapName;
        _counters = counters;
        _scales = scales;
    }

    /// <summary>The map's name in the object.</summary>
    public string MapName { get; }

    /// <summary>Whether the key of zeros takes what a full map has no room for; user space has to make it.</summary>
    public virtual bool HasOverflowSeries => true;

    /// <summary>Entries of the last reading.</summary>
    public int Entries { get; private set; }

    /// <summary>The metrics, in the order in which <see cref="WritePoints"/> numbers them.</summary>
    protected abstract ReadOnlySpan<MetricDescriptor> Metrics { get; }

    /// <summary>The series of the last reading, and those that were not in it.</summary>
    protected IReadOnlyCollection<Series> AllSeries => _series.Values;

    /// <summary>The map; null while the probe is detached.</summary>
    protected IMapReader? Map { get; private set; }

    /// <summary>The probe was attached: everything counts from zero again.</summary>
    /// <param name="map">The map.</param>
    /// <param name="now">Unix ns.</param>
    public void Attach(IMapReader map, ulong now)
    {
        Map = map;
        _attachedAt = now;
        _generation = 0;
        _series.Clear();
    }

    /// <summary>The probe is about to be detached.</summary>
    public void Detach() => Map = null;

    /// <summary>Reads the map; <see cref="Write"/> writes what was read.</summary>
    public void Read(Collection collection)
    {
        if (Map is { } map) Read(map, collection);
    }

    /// <summary>Writes the points of what was read, each with the resource that its process has by now.</summary>
    public void Write(Collection collection)
    {
        if (Map is null) return;
        WriteSeries(collection);
        if (!collection.IsDelta) return;
        foreach (Series series in AllSeries) series.Keep();
    }

    /// <summary>The attributes that a key stands for.</summary>
    public virtual void WriteAttributes(PointWriter point, UInt128 key)
    {
    }

    /// <summary>Adds one CPU's value to a series.</summary>
    protected abstract void Merge(ReadOnlySpan<byte> value, int cpu, Series series);

    /// <summary>Writes the points that a series has of a metric.</summary>
    protected abstract void WritePoints(int metric, in Emission emission);

    /// <summary>Writes all points, grouped by resource and metric.</summary>
    protected abstract void WriteSeries(Collection collection);

    /// <summary>Forgets a series that is not in the map any more.</summary>
    protected void Forget(Series series) => _series.Remove(series.Key);

    /// <summary>A key as bytes.</summary>
    protected static ReadOnlySpan<byte> BytesOf(in UInt128 key) => MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(in key));

    private void Read(IMapReader map, Collection collection)
    {
        _generation++;
        Entries = map.Refresh();
        bool first = _generation == 1;
        for (int entry = 0; entry < Entries; entry++)
        {
            UInt128 key = default;
            map.Key(entry).CopyTo(MemoryMarshal.AsBytes(new Span<UInt128>(ref key)));
            if (!_series.TryGetValue(key, out Series? series))
            {
                // It was not there at the reading before: so it was zero then, which is a true start.
                series = new Series(key, _counters, _scales, first ? _attachedAt : Math.Max(_attachedAt, collection.Previous));
                _series.Add(key, series);
            }

            series.Generation = _generation;
            series.Begin();
            for (int cpu = 0; cpu < map.Cpus; cpu++) Merge(map.Value(entry, cpu), cpu, series);
        }

        List<Series>? gone = null;
        foreach (Series series in _series.Values)
        {
            if (series.Generation != _generation) (gone ??= []).Add(series);
        }

        if (gone is null) return;
        foreach (Series series in gone) Forget(series);
    }
}
