using System.Text;
using Google.Protobuf.Collections;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Metrics.V1;

namespace EbpfReceiver.Terminal;

/// <summary>Collects the metrics of an interval, which may come in several batches, into what is shown.</summary>
internal sealed class MetricSummary
{
    private const int ProcessesShown = 8;

    /// <summary>Causes by which nothing is lost: it was not wanted, was known already, is counted elsewhere, or is the half of a pair.</summary>
    private static readonly HashSet<string> s_notLost =
        ["excluded", "duplicate", "series_overflow", "unmatched_start", "unmatched_end", "start_expired"];

    private readonly MetricState _state = new();
    private readonly DeclaredMetrics _declared;
    private readonly Dictionary<ResourceName, ProcessActivity> _processes = [];
    private readonly SortedDictionary<string, LatencyDistribution> _latencies = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, double> _counters = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, double> _losses = new(StringComparer.Ordinal);

    public MetricSummary() => _declared = new DeclaredMetrics(_state);

    /// <summary>Whether anything came since the last summary.</summary>
    public bool HasValues { get; private set; }

    public void Add(MetricsData data)
    {
        foreach (ResourceMetrics resource in data.ResourceMetrics)
        {
            ResourceName owner = ResourceName.Of(resource.Resource);
            string instance = new AttributeReader(resource.Resource?.Attributes).Text("service.instance.id");
            foreach (ScopeMetrics scope in resource.ScopeMetrics)
            {
                bool isDeclared = DeclaredMetrics.IsDeclared(scope.Scope?.Name);
                foreach (Metric metric in scope.Metrics)
                {
                    if (isDeclared)
                        HasValues |= _declared.Add(metric, owner, attributes => Key(metric.Name, owner, instance, attributes));
                    else
                        Add(metric, owner, instance);
                }
            }
        }
    }

    /// <summary>What came since the last summary; begins the next one.</summary>
    public ShownSummary Take(DateTimeOffset now, TimeSpan interval)
    {
        ProcessActivity[] active = [.. _processes.Values
            .Where(p => p.CpuTime > 0 || p.Bytes > 0)
            .OrderByDescending(p => p.CpuTime).ThenByDescending(p => p.Bytes)];
        var summary = new ShownSummary
        {
            Time = now,
            Interval = interval,
            Latencies = [.. _latencies.Where(l => l.Value.Count > 0).Select(l => (l.Key[2..], l.Value))],
            Processes = active[..Math.Min(ProcessesShown, active.Length)],
            OtherProcesses = Math.Max(0, active.Length - ProcessesShown),
            Counters = [.. _counters.Where(c => c.Value > 0).GroupBy(c => c.Key[2..c.Key.IndexOf(':')])
                .Select(g => $"{g.Key}: {string.Join(", ", g.Select(c => Words(c.Key[(c.Key.IndexOf(':') + 2)..], c.Value)))}")],
            Declared = _declared.Take(),
            Losses = [.. _losses.Where(l => l.Value > 0).Select(l => $"{Quantity.Count(l.Value)} {l.Key}")],
        };
        _processes.Clear();
        _latencies.Clear();
        _counters.Clear();
        _losses.Clear();
        _state.NextRound();
        HasValues = false;
        return summary;
    }

    private static string Words(string name, double value) => name switch
    {
        "read" or "written" or "discarded" => $"{Quantity.Bytes(value)} {name}",
        _ => $"{Quantity.Count(value)} {name}",
    };

    private void Add(Metric metric, ResourceName owner, string instance)
    {
        switch (metric.DataCase)
        {
            case Metric.DataOneofCase.Sum:
                foreach (NumberDataPoint point in metric.Sum.DataPoints)
                {
                    string key = Key(metric.Name, owner, instance, point.Attributes);
                    if (metric.Sum.IsMonotonic)
                        AddCounter(metric.Name, owner, new AttributeReader(point.Attributes), _state.Difference(key, point, metric.Sum.AggregationTemporality));
                }

                break;
            case Metric.DataOneofCase.ExponentialHistogram:
                foreach (ExponentialHistogramDataPoint point in metric.ExponentialHistogram.DataPoints)
                {
                    string key = Key(metric.Name, owner, instance, point.Attributes);
                    LatencyDistribution values = _state.Difference(key, point, metric.ExponentialHistogram.AggregationTemporality);
                    AddHistogram(metric.Name, owner, new AttributeReader(point.Attributes), values);
                }

                break;
            default:
                return;
        }

        HasValues = true;
    }

    // The figures in front of names say in which order they are shown.
    private void AddHistogram(string name, ResourceName owner, AttributeReader attributes, LatencyDistribution values)
    {
        string? shown = name switch
        {
            "linux.sched.run_queue.latency" => "0 run queue",
            "linux.block.request.duration" => $"1 {attributes.Text("system.device")} {attributes.Text("disk.io.direction")}",
            "system.network.tcp.handshake.duration" => "2 tcp handshake",
            "system.network.tcp.rtt.duration" => "3 tcp round trip",
            "dns.lookup.duration" => "4 dns lookup",
            "linux.tls.handshake.duration" => "5 tls handshake",
            _ => null,
        };
        if (shown is null)
            return;
        if (name == "linux.sched.run_queue.latency")
            Activity(owner).RunQueue.Add(values);
        if (!_latencies.TryGetValue(shown, out LatencyDistribution? all))
            _latencies.Add(shown, all = new LatencyDistribution());
        all.Add(values);
    }

    private void AddCounter(string name, ResourceName owner, AttributeReader attributes, double value)
    {
        bool inward = attributes.Text("network.io.direction") == "receive";
        switch (name)
        {
            case "linux.sched.on_cpu.time":
                Activity(owner).CpuTime += value;
                break;
            case "process.network.io" when inward:
                Activity(owner).NetworkReceived += value;
                break;
            case "process.network.io":
                Activity(owner).NetworkSent += value;
                break;
            case "linux.tls.io" when inward:
                Activity(owner).TlsReceived += value;
                break;
            case "linux.tls.io":
                Activity(owner).TlsSent += value;
                break;
            case "system.process.created":
                Count("0 processes: forks", value);
                break;
            case "linux.process.execs":
                Count("0 processes: execs", value);
                break;
            case "linux.process.exits":
                Count("0 processes: exits", value);
                break;
            case "system.network.tcp.connections" when attributes.Has("error.type"):
                Count($"1 tcp: failed with {attributes.Text("error.type")}", value);
                break;
            case "system.network.tcp.connections":
                Count(inward ? "1 tcp: accepted" : "1 tcp: connected", value);
                break;
            case "system.network.tcp.retransmits":
                Count("1 tcp: retransmitted", value);
                break;
            case "system.network.tcp.resets":
                Count(inward ? "1 tcp: resets received" : "1 tcp: resets sent", value);
                break;
            case "linux.tls.errors":
                Count($"2 tls: errors in {attributes.Text("linux.tls.operation")}", value);
                break;
            case "system.disk.io":
                string verb = attributes.Text("disk.io.direction") switch { "read" => "read", "write" => "written", _ => "discarded" };
                Count($"3 {attributes.Text("system.device").Replace(':', ' ')}: {verb}", value);
                break;
            case "linux.block.errors":
                Count($"3 {attributes.Text("system.device").Replace(':', ' ')}: errors", value);
                break;
            case "ebpf_receiver.samples.dropped" or "ebpf_receiver.items.dropped" or "ebpf_receiver.outlet.dropped" or "ebpf_receiver.samples.unmade"
                or "ebpf_receiver.probe.losses":
                string what = name["ebpf_receiver.".Length..name.LastIndexOf('.')];
                if (s_notLost.Contains(attributes.Text("ebpf_receiver.drop.cause")))
                    break;
                string cause = string.Join(' ', attributes.Values().Select(v => v.Replace('_', ' ')));
                _losses[$"{what} dropped: {cause}"] = _losses.GetValueOrDefault($"{what} dropped: {cause}") + value;
                break;
        }
    }

    private void Count(string name, double value) => _counters[name] = _counters.GetValueOrDefault(name) + value;

    private ProcessActivity Activity(ResourceName owner)
    {
        if (!_processes.TryGetValue(owner, out ProcessActivity? activity))
            _processes.Add(owner, activity = new ProcessActivity(owner));
        return activity;
    }

    private static string Key(string metric, ResourceName owner, string instance, RepeatedField<KeyValue> attributes)
    {
        var key = new StringBuilder(metric).Append('\0').Append(owner.Pid).Append('\0').Append(instance.Length > 0 ? instance : owner.Process);
        foreach (KeyValue attribute in attributes)
            key.Append('\0').Append(attribute.Key).Append('=').Append(AttributeReader.Plain(attribute.Value));
        return key.ToString();
    }
}
