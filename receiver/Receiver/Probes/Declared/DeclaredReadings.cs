using EbpfReceiver.Aggregates;
using EbpfReceiver.Bpf;
using EbpfReceiver.Otlp;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>All that user space reads of a declared probe while it is attached, and keeps for it.</summary>
internal sealed class DeclaredReadings
{
    private readonly DeclaredParts _parts;
    private readonly DeclaredMetric[] _metrics;
    private readonly PendingStarts? _starts;
    private readonly CompiledProbe _compiled;

    /// <param name="source">What the probe was written as.</param>
    /// <param name="forged">What it is on this machine.</param>
    /// <param name="parts">What it feeds.</param>
    public DeclaredReadings(ProbeSource source, ForgedProbe forged, DeclaredParts parts)
    {
        CompiledProbe compiled = forged.Compiled;
        _parts = parts;
        _compiled = compiled;
        Scope = new EncodedScope($"ebpf-receiver/{source.Name}", parts.Version);
        Tables = [.. compiled.Series.Select(s => new SeriesTable(compiled.Probe, s, parts.Identity, parts.Redacts))];
        _metrics = [.. Tables.Select(t => new DeclaredMetric(t, Scope, parts.Identity))];
        Events = new EventEmitter?[compiled.Probe.Emitters.Count];
        foreach (EventLayout layout in compiled.Events)
        {
            SpanKind kind = KindOf(source.Definition.Emit, layout.EmitterIndex);
            Events[layout.EmitterIndex] = new EventEmitter(compiled.Probe, layout, kind, parts);
        }

        if (compiled.Starts is { } starts) _starts = new PendingStarts(starts);
        Losses = new LossReading(compiled);
        Budget = new ProbeBudget(source.Definition.Budget, compiled);
        Sets = new ProcessSets(compiled, forged.Binding.Sets);
    }

    /// <summary>Its scope among others'.</summary>
    public EncodedScope Scope { get; }

    /// <summary>The series of its metrics.</summary>
    public IReadOnlyList<SeriesTable> Tables { get; }

    /// <summary>Its spans and logs by the index of their emitter; null for metrics.</summary>
    public EventEmitter?[] Events { get; }

    /// <summary>Whether it has spans or logs.</summary>
    public bool HasEvents => _compiled.Events.Count > 0;

    /// <summary>What it could not record.</summary>
    public LossReading Losses { get; }

    /// <summary>What it may take, and takes.</summary>
    public ProbeBudget Budget { get; }

    /// <summary>Which processes it means.</summary>
    public ProcessSets Sets { get; }

    /// <summary>All that was not recorded as it was meant to be, by cause.</summary>
    public IEnumerable<(string Cause, long Count)> AllLosses
    {
        get
        {
            foreach (LossCause cause in Losses.Causes) yield return (LossReading.NameOf(cause), Losses.Count(cause));
            if (_starts is not null) yield return ("start_expired", _starts.Expired);
        }
    }

    /// <summary>Series that were let go because they did not change.</summary>
    public long ExpiredSeries => Tables.Sum(t => t.Expired);

    /// <summary>Entries of its maps at the last reading.</summary>
    public IEnumerable<(string Map, int Entries)> Entries =>
        Tables.Select(t => (t.Layout.MapName, t.Entries)).Concat(_starts is null ? [] : [(_compiled.Starts!.MapName, _starts.Waiting)]);

    /// <summary>The maps are there; nothing runs yet.</summary>
    public void Attach(BpfObject made)
    {
        ulong now = _parts.Clock.ToUnix(_parts.Clock.Now);
        foreach (SeriesTable table in Tables) table.Attach(made, now);
        _starts?.Attach(made);
        Losses.Attach(made);
        Budget.Attach(made);
        Sets.Attach(made);
    }

    /// <summary>What was recorded so far is forgotten: another probe has counted it.</summary>
    /// <param name="now">Unix ns.</param>
    public void Restart(ulong now)
    {
        foreach (SeriesTable table in Tables) table.Restart(now);
    }

    /// <summary>The maps are about to go.</summary>
    public void Detach()
    {
        foreach (SeriesTable table in Tables) table.Detach();
        _starts?.Detach();
        Losses.Detach();
        Budget.Detach();
        Sets.Detach();
    }

    /// <summary>Writes the points of the metrics, as they were read.</summary>
    public void Write(Collection collection)
    {
        foreach (DeclaredMetric metric in _metrics) metric.Write(collection);
    }

    /// <summary>Reads everything, and writes nothing.</summary>
    /// <param name="previous">Unix ns of the reading before; 0: what is new counts from when the probe was attached.</param>
    public void Read(ulong previous = 0)
    {
        Losses.Read();
        foreach (SeriesTable table in Tables) table.Read(previous);
        _starts?.Sweep(_parts.Clock.Now);
    }

    private static SpanKind KindOf(IReadOnlyList<EmitterDefinition> definitions, int emitter) =>
        emitter < definitions.Count && definitions[emitter] is SpanDefinition span
            ? span.Kind switch
            {
                SpanDefinitionKind.Client => SpanKind.Client,
                SpanDefinitionKind.Server => SpanKind.Server,
                SpanDefinitionKind.Producer => SpanKind.Producer,
                SpanDefinitionKind.Consumer => SpanKind.Consumer,
                _ => SpanKind.Internal,
            }
            : SpanKind.Internal;
}
