using EbpfReceiver.Configuration;
using EbpfReceiver.Terminal;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Metrics.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace EbpfReceiver.Cli;

/// <summary>Leaves of a batch what was asked for.</summary>
/// <param name="probes">Names of probes; empty: all, and what others sent too.</param>
/// <param name="processes">Names with wildcards, or ids; empty: all.</param>
internal sealed class TailFilter(IReadOnlyList<string> probes, IReadOnlyList<string> processes)
{
    private const string ScopePrefix = "ebpf-receiver/";

    /// <summary>Takes out what was not asked for; returns the spans that are left.</summary>
    public int Apply(TracesData data)
    {
        int left = 0;
        foreach (ResourceSpans resource in Matching(data.ResourceSpans, r => r.Resource))
        {
            foreach (ScopeSpans scope in Matching(resource.ScopeSpans, s => s.Scope))
                left += scope.Spans.Count;
        }

        return left;
    }

    /// <summary>Takes out what was not asked for; returns the log records that are left.</summary>
    public int Apply(LogsData data)
    {
        int left = 0;
        foreach (ResourceLogs resource in Matching(data.ResourceLogs, r => r.Resource))
        {
            foreach (ScopeLogs scope in Matching(resource.ScopeLogs, s => s.Scope))
                left += scope.LogRecords.Count;
        }

        return left;
    }

    /// <summary>Takes out what was not asked for; returns the metrics that are left.</summary>
    public int Apply(MetricsData data)
    {
        int left = 0;
        foreach (ResourceMetrics resource in Matching(data.ResourceMetrics, r => r.Resource))
        {
            foreach (ScopeMetrics scope in Matching(resource.ScopeMetrics, s => s.Scope))
                left += scope.Metrics.Count;
        }

        return left;
    }

    private IList<T> Matching<T>(IList<T> list, Func<T, Resource?> resource) => Keep(list, item => Matches(ResourceName.Of(resource(item))));

    private IList<T> Matching<T>(IList<T> list, Func<T, InstrumentationScope?> scope) => Keep(list, item => Matches(scope(item)));

    private static IList<T> Keep<T>(IList<T> list, Func<T, bool> keep)
    {
        for (int i = list.Count - 1; i >= 0; i--)
        {
            if (!keep(list[i]))
                list.RemoveAt(i);
        }

        return list;
    }

    private bool Matches(ResourceName owner) => processes.Count == 0 || processes.Any(pattern =>
        int.TryParse(pattern, out int pid) ? pid == owner.Pid : WildcardPattern.Matches(pattern, owner.Process));

    private bool Matches(InstrumentationScope? scope) => probes.Count == 0 || probes.Any(probe => scope?.Name == ScopePrefix + probe);
}
