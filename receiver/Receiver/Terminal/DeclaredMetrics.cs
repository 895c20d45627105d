using EbpfReceiver.Telemetry;
using OpenTelemetry.Proto.Metrics.V1;

namespace EbpfReceiver.Terminal;

/// <summary>What counters and histograms of declared probes came to in an interval, whatever they are called: a line each, the busiest first.</summary>
/// <param name="state">What points were before.</param>
internal sealed class DeclaredMetrics(MetricState state)
{
    private const string ScopePrefix = "ebpf-receiver/";
    private const int Shown = 8;

    private readonly Dictionary<string, DeclaredActivity> _metrics = new(StringComparer.Ordinal);

    /// <summary>Whether a scope is that of a declared probe: the registry has those that are part of the program.</summary>
    public static bool IsDeclared(string? scope) =>
        scope is not null && scope.StartsWith(ScopePrefix, StringComparison.Ordinal) && Emissions.Of(scope[ScopePrefix.Length..]).Count == 0;

    /// <summary>Adds what came since the points before; false if the metric is none that is shown.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="owner">Whose it is.</param>
    /// <param name="key">Tells the series of a point from others.</param>
    public bool Add(Metric metric, ResourceName owner, Func<Google.Protobuf.Collections.RepeatedField<OpenTelemetry.Proto.Common.V1.KeyValue>, string> key)
    {
        switch (metric.DataCase)
        {
            case Metric.DataOneofCase.Sum when metric.Sum.IsMonotonic:
                foreach (NumberDataPoint point in metric.Sum.DataPoints)
                    Of(metric).Add(owner, new AttributeReader(point.Attributes), state.Difference(key(point.Attributes), point, metric.Sum.AggregationTemporality));
                return true;
            case Metric.DataOneofCase.ExponentialHistogram:
                foreach (ExponentialHistogramDataPoint point in metric.ExponentialHistogram.DataPoints)
                    Of(metric).Add(state.Difference(key(point.Attributes), point, metric.ExponentialHistogram.AggregationTemporality));
                return true;
            case Metric.DataOneofCase.Histogram:
                foreach (HistogramDataPoint point in metric.Histogram.DataPoints)
                {
                    (double count, double sum) = state.Difference(key(point.Attributes), point, metric.Histogram.AggregationTemporality);
                    Of(metric).Add(count, sum);
                }

                return true;
            default:
                return false;
        }
    }

    /// <summary>Their lines, and begins anew.</summary>
    public IReadOnlyList<string> Take()
    {
        DeclaredActivity[] active = [.. _metrics.Values.Where(m => m.Activity > 0).OrderByDescending(m => m.Activity).ThenBy(m => m.Name, StringComparer.Ordinal)];
        _metrics.Clear();
        string[] lines = [.. active.Take(Shown).Select(m => m.ToString())];
        return active.Length > Shown ? [.. lines, $"… {active.Length - Shown} more metrics of declared probes"] : lines;
    }

    private DeclaredActivity Of(Metric metric)
    {
        if (!_metrics.TryGetValue(metric.Name, out DeclaredActivity? activity))
            _metrics.Add(metric.Name, activity = new DeclaredActivity(TerminalText.Clean(metric.Name), metric.Unit));
        return activity;
    }
}
