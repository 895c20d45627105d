using System.Text;
using EbpfReceiver.Bpf;
using EbpfReceiver.Identity;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>
/// The series of one emitter: reads its map, adds what came to the series that each key stands for, and lets keys go that did not change for
/// long, or whose process is gone, so that they make room. Used by one thread at a time.
/// </summary>
internal sealed class SeriesTable
{
    /// <summary>How long after its exit a process may still gather values.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly IdentityTable? _identity;
    private readonly MapSnapshot _snapshot = new();
    private readonly MapSnapshot _overflowSnapshot = new();
    private readonly RecordedValue _value;
    private readonly Dictionary<byte[], KernelSeries> _keys = new(ByteKeys.Comparer);
    private readonly Dictionary<byte[], KernelSeries>.AlternateLookup<ReadOnlySpan<byte>> _keyLookup;
    private readonly Dictionary<string, DeclaredSeries> _byAttributes = new(StringComparer.Ordinal);
    private readonly List<KernelSeries> _ended = [];
    private readonly int _buckets;
    private BpfMap? _map;
    private BpfMap? _overflowMap;
    private KernelSeries? _overflow;
    private int _generation;
    private ulong _attachedAt;

    /// <param name="probe">The probe.</param>
    /// <param name="layout">Its map.</param>
    /// <param name="identity">Which processes there are; null: none is looked up.</param>
    /// <param name="redacts">Whether texts are redacted.</param>
    public SeriesTable(BoundProbe probe, SeriesLayout layout, IdentityTable? identity, bool redacts)
    {
        Layout = layout;
        _identity = identity;
        _value = new RecordedValue(layout.Value, layout.Emitter.IsSigned);
        _buckets = layout.Value.Buckets?.Count ?? 0;
        _keyLookup = _keys.GetAlternateLookup<ReadOnlySpan<byte>>();
        Fields = DeclaredFields.Of(probe, layout.EmitterIndex, layout.Fields, redacts);
        OwnerField = Array.FindIndex(Fields, f => f.IsProcessId);
    }

    /// <summary>The map and the emitter.</summary>
    public SeriesLayout Layout { get; }

    /// <summary>Its attributes.</summary>
    public DeclaredField[] Fields { get; }

    /// <summary>All series there are.</summary>
    public IReadOnlyCollection<DeclaredSeries> All => _byAttributes.Values;

    /// <summary>Entries of the map at the last reading.</summary>
    public int Entries { get; private set; }

    /// <summary>Series that were let go because they did not change for as long as the probe says.</summary>
    public long Expired { get; private set; }

    private int OwnerField { get; }

    private bool TakesValues => Layout.Emitter is { Kind: EmitterKind.Gauge, Gauge: not GaugeMode.Last };

    /// <summary>The probe was attached: everything counts from zero.</summary>
    /// <param name="made">Its maps.</param>
    /// <param name="now">Unix ns.</param>
    public void Attach(BpfObject made, ulong now)
    {
        _map = made.Map(Layout.MapName);
        _overflowMap = Layout.OverflowMapName.Length > 0 ? made.Map(Layout.OverflowMapName) : null;
        _attachedAt = now;
        _generation = 0;
        _overflow = null;
        _keys.Clear();
        _byAttributes.Clear();
    }

    /// <summary>Counts from now on, whatever the map holds already.</summary>
    /// <param name="now">Unix ns.</param>
    public void Restart(ulong now)
    {
        Read(0);
        _attachedAt = now;
        _byAttributes.Clear();
        foreach (KernelSeries series in _keys.Values.Concat(_overflow is null ? [] : [_overflow]))
        {
            DeclaredSeries restarted = series.Series.Restart(now);
            if (!_byAttributes.TryAdd(IdOf(restarted), restarted)) restarted = _byAttributes[IdOf(restarted)];
            restarted.Keys++;
            series.Series = restarted;
        }
    }

    /// <summary>The probe is about to be detached.</summary>
    public void Detach() => _map = _overflowMap = null;

    /// <summary>Reads the map.</summary>
    /// <param name="previous">Unix ns of the reading before: from then on count keys that are new.</param>
    public void Read(ulong previous)
    {
        if (_map is not { } map) return;
        _generation++;
        if (TakesValues) ForgetExtremes();
        ulong start = _generation == 1 ? _attachedAt : Math.Max(_attachedAt, previous);
        Entries = _snapshot.Refresh(map);
        for (int entry = 0; entry < Entries; entry++)
        {
            if (!TrySum(_snapshot, entry)) continue;
            ReadOnlySpan<byte> key = _snapshot.Key(entry);
            if (!_keyLookup.TryGetValue(key, out KernelSeries? series))
            {
                series = new KernelSeries(key.ToArray(), SeriesOf(Layout.Fields.Count > 0 ? key : [], start), _buckets);
                series.Series.Keys++;
                _keys.Add(series.Key, series);
            }

            series.Generation = _generation;
            series.Advance(_value);
            if (TakesValues) Take(map, series);
        }

        ReadOverflow(start);
        LetGo(map);
    }

    /// <summary>Forgets series that no key records in any more; to be called once they were sent.</summary>
    public void ForgetEnded()
    {
        foreach (KernelSeries ended in _ended)
        {
            if (--ended.Series.Keys > 0) continue;
            _byAttributes.Remove(IdOf(ended.Series));
        }

        _ended.Clear();
    }

    private void ReadOverflow(ulong start)
    {
        if (_overflowMap is not { } map || _overflowSnapshot.Refresh(map) == 0 || !TrySum(_overflowSnapshot, 0)) return;
        if (_overflow is null)
        {
            var series = new DeclaredSeries([], default, _buckets, start) { IsOverflow = true, Keys = 1 };
            _byAttributes.Add(IdOf(series), series);
            _overflow = new KernelSeries([], series, _buckets);
        }

        _overflow.Advance(_value);
    }

    /// <summary>Keys that are gone, that did not change for long, and those of processes that exited.</summary>
    private void LetGo(BpfMap map)
    {
        long now = Environment.TickCount64;
        List<KernelSeries>? ended = null;
        foreach (KernelSeries series in _keys.Values)
        {
            // A key may be overlooked once while others come and go, but not twice.
            bool gone = _generation - series.Generation > 1;
            bool old = Layout.Emitter.SeriesTtl is { } ttl && now - series.ChangedAt >= ttl.TotalMilliseconds;
            bool exited = OwnerField >= 0 && HasExited(series.Series.Owner);
            if (!gone && !old && !exited) continue;
            if (!gone && Layout.MapType is BpfMapType.PerCpuHash or BpfMapType.Hash) map.Delete(series.Key);
            if (old && !exited) Expired++;
            (ended ??= []).Add(series);
        }

        if (ended is null) return;
        foreach (KernelSeries series in ended) _keys.Remove(series.Key);
        _ended.AddRange(ended);
    }

    private bool HasExited(SeriesOwner owner) =>
        owner.Pid != 0 && _identity is not null
        && _identity.TryResolveCurrent(owner.Pid, owner.StartTime, out _, out TimeSpan? exitedFor) && exitedFor >= Grace;

    private bool TrySum(MapSnapshot snapshot, int entry)
    {
        _value.Clear();
        for (int cpu = 0; cpu < snapshot.CpuCount; cpu++) _value.Add(snapshot.Value(entry, cpu));
        // Where nothing is counted but the sum, an entry of an array that nobody touched looks like any other.
        return _value.HasValues && (snapshot != _overflowSnapshot || _value.Count != 0 || _value.Sum != 0);
    }

    /// <summary>Least and greatest values are those since they were last taken.</summary>
    private void Take(BpfMap map, KernelSeries series)
    {
        if (Layout.MapType is BpfMapType.PerCpuHash or BpfMapType.Hash) map.Delete(series.Key);
        else map.Update(series.Key, new byte[map.EntryBytes]);
        series.Begin();
    }

    private void ForgetExtremes()
    {
        foreach (DeclaredSeries series in _byAttributes.Values) series.ForgetExtremes();
    }

    /// <summary>The series that a key stands for.</summary>
    private DeclaredSeries SeriesOf(ReadOnlySpan<byte> key, ulong start)
    {
        SeriesOwner owner = OwnerField >= 0 && !key.IsEmpty ? OwnerOf((int)Fields[OwnerField].NumberIn(key)) : default;
        var attributes = new DecodedValue[key.IsEmpty ? 0 : Fields.Length];
        for (int i = 0; i < attributes.Length; i++) attributes[i] = Fields[i].Decode(key, owner.Pid, _identity);
        var series = new DeclaredSeries(attributes, owner, _buckets, start);
        string id = IdOf(series);
        if (_byAttributes.TryGetValue(id, out DeclaredSeries? known)) return known;
        _byAttributes.Add(id, series);
        return series;
    }

    private SeriesOwner OwnerOf(int pid) => new(pid, _identity?.DescribeLatest(pid)?.StartTime ?? 0);

    /// <summary>What tells series apart: decoded attributes, and the process.</summary>
    private static string IdOf(DeclaredSeries series)
    {
        if (series.IsOverflow) return "overflow";
        var id = new StringBuilder().Append(series.Owner.Pid).Append('@').Append(series.Owner.StartTime);
        foreach (DecodedValue attribute in series.Attributes)
        {
            string text = attribute.ToString();
            id.Append('\0').Append((int)attribute.Kind).Append(':').Append(text.Length).Append(':').Append(text);
        }

        return id.ToString();
    }
}
