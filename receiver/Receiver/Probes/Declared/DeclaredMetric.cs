using EbpfReceiver.Aggregates;
using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;
using EbpfReceiver.ProbeLanguage;
using EbpfReceiver.Telemetry;

namespace EbpfReceiver.Probes.Declared;

/// <summary>Writes the series of one emitter as the points of a metric.</summary>
internal sealed class DeclaredMetric
{
    private readonly SeriesTable _table;
    private readonly BoundEmitter _emitter;
    private readonly EncodedScope _scope;
    private readonly IdentityTable _identity;
    private readonly HistogramPoints? _histogram;
    private readonly MetricDescriptor _descriptor;

    /// <param name="table">The series.</param>
    /// <param name="scope">The probe's scope.</param>
    /// <param name="identity">Gives the resources.</param>
    public DeclaredMetric(SeriesTable table, EncodedScope scope, IdentityTable identity)
    {
        _table = table;
        _emitter = table.Layout.Emitter;
        _scope = scope;
        _identity = identity;
        if (table.Layout.Value.Buckets is { } buckets) _histogram = new HistogramPoints(buckets, _emitter);
        MetricKind kind = _emitter.Kind switch
        {
            EmitterKind.Gauge => MetricKind.Gauge,
            EmitterKind.Histogram => _histogram!.IsExponential ? MetricKind.ExponentialHistogram : MetricKind.Histogram,
            // Which series are the largest changes, and with it what the others add up to.
            EmitterKind.UpDown or EmitterKind.TopK => MetricKind.UpDownCounter,
            _ => MetricKind.Counter,
        };
        _descriptor = new MetricDescriptor(_emitter.Name, _emitter.Unit, _emitter.Description, kind, kind == MetricKind.Counter);
    }

    /// <summary>Writes the points of the series, as they were read.</summary>
    public void Write(Collection collection)
    {
        if (_emitter.Kind == EmitterKind.TopK) WriteTop(collection);
        else
        {
            foreach (DeclaredSeries series in _table.All.OrderBy(s => s.Owner.Pid)) Write(collection, series);
        }

        if (collection.IsDelta)
        {
            foreach (DeclaredSeries series in _table.All) series.Keep();
        }

        _table.ForgetEnded();
    }

    private void Write(Collection collection, DeclaredSeries series)
    {
        if (!Begin(collection, series.Owner)) return;
        SeriesTotals totals = series.Values(collection.IsDelta);
        ulong start = Math.Min(collection.IsDelta && series.WasSent ? collection.Previous : series.Start, collection.Now);
        MetricsWriter writer = collection.Writer;
        switch (_emitter.Kind)
        {
            case EmitterKind.Gauge:
                if (series.HasExtremes) End(Number(writer, 0, collection.Now, GaugeOf(series), _emitter.IsSigned), series);
                break;
            case EmitterKind.Histogram:
                if (totals.Count == 0) break;
                bool extremes = series.HasExtremes && !collection.IsDelta;
                End(_histogram!.Begin(writer, start, collection.Now, series, totals, extremes), series);
                break;
            default:
                if (totals.Count == 0 && totals.Sum == 0) break;
                End(Number(writer, start, collection.Now, AmountOf(totals), _emitter.IsSigned), series);
                break;
        }
    }

    /// <summary>The largest series, and one that the others add up to.</summary>
    private void WriteTop(Collection collection)
    {
        DeclaredSeries[] all = [.. _table.All.Where(s => !s.IsOverflow).OrderByDescending(s => AmountOf(s.Values(collection.IsDelta)))];
        foreach (DeclaredSeries series in all.Take(_emitter.Top).OrderBy(s => s.Owner.Pid)) Write(collection, series);
        long others = all.Skip(_emitter.Top).Concat(_table.All.Where(s => s.IsOverflow)).Sum(s => AmountOf(s.Values(collection.IsDelta)));
        if (others == 0 || !Begin(collection, default)) return;
        ulong start = collection.IsDelta ? collection.Previous : all.Min(s => s.Start);
        PointWriter point = Number(collection.Writer, Math.Min(start, collection.Now), collection.Now, others, _emitter.IsSigned);
        point.Attribute(Keys.OtelMetricOverflow, true);
        point.End();
    }

    /// <summary>False if the configuration does not want the process to be observed.</summary>
    private bool Begin(Collection collection, SeriesOwner owner)
    {
        EncodedResource resource = _identity.Machine;
        if (owner.Pid != 0 && !_identity.TryResolveCurrent(owner.Pid, owner.StartTime, out resource, out _)) return false;
        collection.Writer.BeginResource(resource.Bytes);
        collection.Writer.BeginScope(_scope);
        collection.Writer.BeginMetric(_descriptor);
        return true;
    }

    private PointWriter Number(MetricsWriter writer, ulong start, ulong now, long value, bool signed)
    {
        if (Scaling.IsNone(_emitter.ValueScale))
            return writer.NumberPoint(start, now, signed ? value : (long)Math.Min((ulong)value, long.MaxValue));
        return writer.NumberPoint(start, now, Scaling.Of(value, signed, _emitter.ValueScale));
    }

    private void End(PointWriter point, DeclaredSeries series)
    {
        if (series.IsOverflow) point.Attribute(Keys.OtelMetricOverflow, true);
        for (int i = 0; i < series.Attributes.Count; i++)
        {
            DeclaredField field = _table.Fields[i];
            if (field.IsReported) point.Attribute(field.Name, series.Attributes[i]);
        }

        point.End();
    }

    private long GaugeOf(DeclaredSeries series) => _emitter.Gauge switch
    {
        GaugeMode.Minimum => series.Minimum,
        GaugeMode.Maximum => series.Maximum,
        _ => series.Last,
    };

    private long AmountOf(SeriesTotals totals) => (long)(_table.Layout.Value.SumOffset >= 0 ? totals.Sum : totals.Count);
}
