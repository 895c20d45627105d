using System.Runtime.InteropServices;
using System.Text;

namespace EbpfReceiver.Otlp;

/// <summary>
/// Takes data points in and keeps the last state of every series: cumulative points replace it, delta points are added to
/// it. Guarded by its owner's lock.
/// </summary>
internal sealed class PrometheusStore(int maxSeries) : IPointVisitor
{
    private readonly Dictionary<MetricIdentity, PrometheusFamily?> _familyOfMetric = [];
    private readonly PrometheusLabels _labels = new();
    private readonly PrometheusResource _resource = new();

    /// <summary>By name, in their order.</summary>
    public SortedDictionary<string, PrometheusFamily> Families { get; } = new(StringComparer.Ordinal);

    /// <summary>Resource attributes by job and instance, as labels of <c>target_info</c>.</summary>
    public Dictionary<string, long> Targets { get; } = [];

    public int SeriesCount { get; private set; }

    /// <summary>Points dropped since it was reset: too many series.</summary>
    public int DroppedFull { get; set; }

    /// <summary>Points dropped since it was reset: another metric has the same name with another type.</summary>
    public int DroppedConflicting { get; set; }

    /// <summary>The clock's timestamp that points which come are seen at.</summary>
    public long Now { get; set; }

    public void OnPoint(in ResourceView resource, in MetricView metric, in PointView point)
    {
        if (_resource.Change(resource) && _resource.TargetInfo.Length > 0)
            AddTarget(_resource.TargetInfo);
        PrometheusFamily? family = FamilyOf(metric);
        if (family is null)
        {
            DroppedConflicting++;
            return;
        }
        _labels.Clear();
        _labels.AddAttributes(point.Attributes);
        _resource.AddTo(_labels);
        string labels = _labels.Render();
        if (point.NoValue)
        {
            if (family.Series.Remove(labels))
                SeriesCount--;
            return;
        }
        if (!family.Series.TryGetValue(labels, out PrometheusSeries? series))
        {
            if (SeriesCount >= maxSeries)
            {
                DroppedFull++;
                return;
            }
            family.Series.Add(labels, series = new PrometheusSeries(labels));
            SeriesCount++;
        }
        else if (point.TimeUnixNano < series.TimeUnixNano)
        {
            return;
        }
        series.SeenAt = Now;
        series.TimeUnixNano = point.TimeUnixNano;
        PrometheusPoints.Apply(series, metric, point);
    }

    /// <summary>Forgets what was not heard of since <paramref name="oldest"/>.</summary>
    public void Expire(long oldest)
    {
        var gone = new List<string>();
        foreach (PrometheusFamily family in Families.Values)
        {
            foreach (PrometheusSeries series in family.Series.Values)
            {
                if (series.SeenAt < oldest)
                    gone.Add(series.Labels);
            }
            foreach (string labels in gone)
                family.Series.Remove(labels);
            SeriesCount -= gone.Count;
            gone.Clear();
        }
        foreach ((string target, long seenAt) in Targets)
        {
            if (seenAt < oldest)
                gone.Add(target);
        }
        foreach (string target in gone)
            Targets.Remove(target);
        RemoveEmptyFamilies();
    }

    /// <summary>A batch begins: identities that were looked up belong to the one before.</summary>
    public void BeginBatch(long now)
    {
        Now = now;
        DroppedFull = 0;
        DroppedConflicting = 0;
        _resource.Forget();
        // Bounded, since names come from the network too.
        if (_familyOfMetric.Count > 4 * 4096)
            _familyOfMetric.Clear();
    }

    private void AddTarget(string target)
    {
        if (Targets.Count < maxSeries || Targets.ContainsKey(target))
            Targets[target] = Now;
    }

    private PrometheusFamily? FamilyOf(in MetricView metric)
    {
        PrometheusType? type = TypeOf(metric);
        if (type is null || metric.Name.IsEmpty)
            return null;
        // The alternate lookup of a string would still need three of them; metrics are few, points are many.
        var identity = new MetricIdentity(Encoding.UTF8.GetString(metric.Name), Encoding.UTF8.GetString(metric.Unit), type.Value);
        ref PrometheusFamily? family = ref CollectionsMarshal.GetValueRefOrAddDefault(_familyOfMetric, identity, out bool known);
        if (known && (family is null || Families.ContainsKey(family.Name)))
            return family;
        string name = PrometheusName.OfMetric(identity.Name, identity.Unit, identity.Type);
        if (Families.TryGetValue(name, out PrometheusFamily? existing))
            return family = existing.Type == identity.Type ? existing : null;
        string help = metric.Description.IsEmpty ? $"OpenTelemetry metric {identity.Name}." : Encoding.UTF8.GetString(metric.Description);
        string unit = identity is { Unit: "1", Type: PrometheusType.Gauge } ? "ratio" : PrometheusUnit.Of(identity.Unit);
        family = new PrometheusFamily(name, identity.Type, unit, help);
        Families.Add(name, family);
        return family;
    }

    private void RemoveEmptyFamilies()
    {
        var empty = new List<string>();
        foreach (PrometheusFamily family in Families.Values)
        {
            if (family.Series.Count == 0)
                empty.Add(family.Name);
        }
        foreach (string name in empty)
            Families.Remove(name);
        // A name may be free for another type now.
        if (empty.Count > 0)
            _familyOfMetric.Clear();
    }

    private static PrometheusType? TypeOf(in MetricView metric) => metric.Kind switch
    {
        PointKind.Gauge => PrometheusType.Gauge,
        PointKind.Sum => metric.Monotonic ? PrometheusType.Counter : PrometheusType.Gauge,
        PointKind.Histogram or PointKind.ExponentialHistogram => PrometheusType.Histogram,
        PointKind.Summary => PrometheusType.Summary,
        _ => null,
    };

    private readonly record struct MetricIdentity(string Name, string Unit, PrometheusType Type);
}
