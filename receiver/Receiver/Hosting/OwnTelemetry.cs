using EbpfReceiver.Aggregates;
using EbpfReceiver.Bpf;
using EbpfReceiver.Otlp;
using EbpfReceiver.Probes;
using EbpfReceiver.Probes.Declared;
using EbpfReceiver.Samples;
using EbpfReceiver.Services;
using EbpfReceiver.Telemetry;

namespace EbpfReceiver.Hosting;

/// <summary>
/// The receiver's own health: as metrics on its own resource, and for who asks. Both have all of it, with the same numbers.
/// </summary>
/// <param name="resource">The receiver's resource.</param>
/// <param name="statistics">What it did.</param>
/// <param name="fanout">Where items went.</param>
/// <param name="endpoint">What arrived at the OTLP services.</param>
/// <param name="probes">How the probes are.</param>
/// <param name="reader">Wakeups of the reader; null while there is none.</param>
/// <param name="thread">The reader's thread.</param>
/// <param name="start">Unix ns: from when it counts.</param>
/// <param name="version">Of the receiver.</param>
internal sealed class OwnTelemetry(
    EncodedResource resource,
    IReceiverStatistics statistics,
    Fanout fanout,
    EndpointStatistics endpoint,
    ProbeHost probes,
    Func<SampleReaderStatistics> reader,
    ReaderThread thread,
    ulong start,
    string version)
{
    private static readonly Signal[] s_signals = Enum.GetValues<Signal>();
    private static readonly string s_kernelRelease = File.ReadAllText("/proc/sys/kernel/osrelease").TrimEnd();
    private static readonly RefusalCause[] s_refusals = Enum.GetValues<RefusalCause>();
    private static readonly ProbeState[] s_states = Enum.GetValues<ProbeState>();

    private readonly Dictionary<string, double> _before = [];
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private IOwnPoints _points = null!;

    /// <summary>Writes all points. Not while <see cref="Read"/> is.</summary>
    public void Collect(Collection collection)
    {
        collection.Writer.BeginResource(resource.Bytes);
        collection.Writer.BeginScope(Scopes.Self);
        Write(new OwnDataPoints(collection, start, _before));
    }

    /// <summary>All numbers as they are now. Not while <see cref="Collect"/> is called.</summary>
    public IReadOnlyList<OwnMeasurement> Read()
    {
        var measurements = new OwnMeasurements();
        Write(measurements);
        return measurements.All;
    }

    private void Write(IOwnPoints points)
    {
        _points = points;
        ReceiverStatistics now = statistics.Snapshot();
        WriteBuild();
        WriteSamples(now);
        WriteItems(now);
        WriteEndpoint();
        WriteProbes();
        WriteOutlets(now);
        WriteReader(now);
        Begin(Metrics.EbpfReceiverIdentityProcesses);
        Last(now.ProcessesKnown);
        Begin(Metrics.EbpfReceiverIdentityMisses);
        Count(now.IdentityMisses);
        WriteProcess(now);
    }

    private void WriteBuild()
    {
        Begin(Metrics.EbpfReceiverBuildInfo);
        _points.Add(1, new OwnAttributes(
            Keys.ServiceVersion,
            version,
            Keys.ProcessRuntimeVersion,
            Environment.Version.ToString(),
            Keys.OsVersion,
            s_kernelRelease));
    }

    private void WriteReader(ReceiverStatistics now)
    {
        SampleReaderStatistics read = reader();
        Begin(Metrics.EbpfReceiverReaderWakeups);
        Count(read.Wakeups);
        Begin(Metrics.EbpfReceiverReaderLost);
        Count(read.Lost);
        (double onCpu, double waiting) = thread.Times();
        Begin(Metrics.EbpfReceiverReaderRunQueueTime);
        Count(waiting);
        Begin(Metrics.EbpfReceiverReaderCpuTime);
        Count(onCpu);
        Begin(Metrics.EbpfReceiverReaderStalls);
        Count(now.ReaderStalls);
        Begin(Metrics.EbpfReceiverClockSteps);
        Count(now.ClockSteps);
        Begin(Metrics.EbpfReceiverSpansReversed);
        Count(now.SpansReversed);
    }

    private void WriteProcess(ReceiverStatistics now)
    {
        Begin(Metrics.ProcessMemoryUsage);
        Last(now.ResidentBytes);
        Begin(Metrics.ProcessUptime);
        Last((DateTimeOffset.UtcNow - now.StartedAt).TotalSeconds);
        Begin(Metrics.ProcessUnixFileDescriptorCount);
        Last(Directory.EnumerateFileSystemEntries("/proc/self/fd").Count());
        Begin(Metrics.ProcessThreadCount);
        Last(Directory.EnumerateFileSystemEntries("/proc/self/task").Count());
        Environment.ProcessCpuUsage cpu = Environment.CpuUsage;
        Begin(Metrics.ProcessCpuTime);
        Count(cpu.UserTime.TotalSeconds, Keys.CpuMode, "user");
        Count(cpu.PrivilegedTime.TotalSeconds, Keys.CpuMode, "system");
    }

    private void WriteSamples(ReceiverStatistics now)
    {
        Begin(Metrics.EbpfReceiverSamplesProduced);
        foreach (SampleStatistics s in now.Samples) Count(s.Produced, Keys.EbpfReceiverSampleKind, s.Kind);
        Begin(Metrics.EbpfReceiverSamplesDelivered);
        foreach (SampleStatistics s in now.Samples) Count(s.Delivered, Keys.EbpfReceiverSampleKind, s.Kind);
        Begin(Metrics.EbpfReceiverSamplesDropped);
        foreach (SampleStatistics s in now.Samples)
        {
            foreach (DropStatistics d in s.Dropped)
            {
                Count(d.Count, Keys.EbpfReceiverSampleKind, s.Kind, Keys.EbpfReceiverDropStage, d.Stage, Keys.EbpfReceiverDropCause, d.Cause);
            }
        }

        Begin(Metrics.EbpfReceiverSamplesUnmade);
        foreach (SampleStatistics s in now.Samples) Count(s.LostBeforeSample, Keys.EbpfReceiverSampleKind, s.Kind);
        Begin(Metrics.EbpfReceiverSamplesOverflowed);
        foreach (SampleStatistics s in now.Samples) Count(s.Overflowed, Keys.EbpfReceiverSampleKind, s.Kind);
    }

    private void WriteItems(ReceiverStatistics now)
    {
        Begin(Metrics.EbpfReceiverItemsPublished);
        for (int signal = 0; signal < Signals.Count; signal++)
            Count(fanout.Published((Signal)signal), Keys.EbpfReceiverSignal, ((Signal)signal).ToString().ToLowerInvariant());
        Begin(Metrics.EbpfReceiverItemsDropped);
        foreach (DropStatistics d in now.Dropped)
        {
            if (d.Stage == ReceiverRuntime.BatcherStage)
                Count(d.Count, Keys.EbpfReceiverDropStage, d.Stage, Keys.EbpfReceiverDropCause, d.Cause);
        }
    }

    private void WriteEndpoint()
    {
        Begin(Metrics.EbpfReceiverEndpointRequests);
        foreach (Signal signal in s_signals) Count(endpoint.Requests(signal), Keys.EbpfReceiverSignal, Signals.NameOf(signal));
        Begin(Metrics.EbpfReceiverEndpointItems);
        foreach (Signal signal in s_signals) Count(endpoint.Items(signal), Keys.EbpfReceiverSignal, Signals.NameOf(signal));
        Begin(Metrics.EbpfReceiverEndpointRejected);
        foreach (Signal signal in s_signals) Count(endpoint.Rejected(signal), Keys.EbpfReceiverSignal, Signals.NameOf(signal));
        Begin(Metrics.EbpfReceiverEndpointDeferred);
        foreach (Signal signal in s_signals) Count(endpoint.Deferred(signal), Keys.EbpfReceiverSignal, Signals.NameOf(signal));
        Begin(Metrics.EbpfReceiverEndpointInvalid);
        foreach (Signal signal in s_signals) Count(endpoint.Invalid(signal), Keys.EbpfReceiverSignal, Signals.NameOf(signal));
        Begin(Metrics.EbpfReceiverEndpointRefused);
        foreach (RefusalCause cause in s_refusals)
            Count(endpoint.Refused(cause), Keys.EbpfReceiverDropCause, EndpointStatistics.NameOf(cause));
        Begin(Metrics.EbpfReceiverEndpointConnections);
        Last(endpoint.Connections);
    }

    private void WriteProbes()
    {
        // A hundred probes of the catalogue that nobody wants would be most of all points.
        IReadOnlyList<ProbeStatus> all = [.. probes.List().Where(IsOfInterest)];
        Begin(Metrics.EbpfReceiverProbeStatus);
        foreach (ProbeStatus p in all)
        {
            // All states, so that a scraper does not keep the 1 of a state that is over.
            foreach (ProbeState state in s_states)
            {
                Last(
                    state == p.State ? 1 : 0,
                    Keys.EbpfReceiverProbeName,
                    p.Name,
                    Keys.EbpfReceiverProbeState,
                    state.ToString().ToLowerInvariant());
            }
        }

        Begin(Metrics.EbpfReceiverProbeRuns);
        foreach (ProbeStatus p in all) Count(p.RunCount, Keys.EbpfReceiverProbeName, p.Name);
        Begin(Metrics.EbpfReceiverProbeRunTime);
        foreach (ProbeStatus p in all)
            Count(p.Programs.Sum(x => x.RunTime.TotalSeconds), Keys.EbpfReceiverProbeName, p.Name);
        Begin(Metrics.EbpfReceiverProbeMissed);
        foreach (ProbeStatus p in all) Count(p.Missed, Keys.EbpfReceiverProbeName, p.Name);
        IReadOnlyList<DeclaredProbe> declared = probes.Declared();
        Begin(Metrics.EbpfReceiverProbeLosses);
        foreach (DeclaredProbe p in declared)
        {
            foreach ((string cause, long count) in p.Readings!.AllLosses)
                Count(count, Keys.EbpfReceiverProbeName, p.Name, Keys.EbpfReceiverDropCause, cause);
        }

        Begin(Metrics.EbpfReceiverProbeSeriesExpired);
        foreach (DeclaredProbe p in declared)
        {
            if (p.Readings!.Tables.Any(t => t.Layout.Emitter.SeriesTtl is not null)) Count(p.Readings.ExpiredSeries, Keys.EbpfReceiverProbeName, p.Name);
        }

        Begin(Metrics.EbpfReceiverProbeSamplingRatio);
        foreach (DeclaredProbe p in declared)
        {
            if (!p.Readings!.Budget.IsLimited) continue;
            Last(p.SamplingRatio, Keys.EbpfReceiverProbeName, p.Name);
        }

        IReadOnlyList<(string Probe, BpfMap Map)> maps = probes.Maps();
        Begin(Metrics.EbpfReceiverMapEntries);
        foreach ((string probe, string map, int entries) in probes.AggregateEntries())
            Last(entries, Keys.EbpfReceiverProbeName, probe, Keys.EbpfReceiverMapName, map);
        Begin(Metrics.EbpfReceiverMapCapacity);
        foreach ((string probe, BpfMap map) in maps) Last(map.MaxEntries, Keys.EbpfReceiverProbeName, probe, Keys.EbpfReceiverMapName, map.Name);
        Begin(Metrics.EbpfReceiverMapMemory);
        foreach ((string probe, BpfMap map) in maps) Last(map.MemoryBytes, Keys.EbpfReceiverProbeName, probe, Keys.EbpfReceiverMapName, map.Name);
    }

    /// <summary>One of the catalogue counts from when it is first to run; what was told of once is told of until the end.</summary>
    private bool IsOfInterest(ProbeStatus probe)
    {
        if (probe.Origin != ProbeSource.Catalogue || probe.State != ProbeState.Disabled) _told.Add(probe.Name);
        return _told.Contains(probe.Name);
    }

    private void WriteOutlets(ReceiverStatistics now)
    {
        Begin(Metrics.EbpfReceiverOutletQueueSize);
        foreach (OutletSummary o in now.Outlets) Last(o.QueueSize, Keys.EbpfReceiverOutletName, o.Name);
        Begin(Metrics.EbpfReceiverOutletQueueCapacity);
        foreach (OutletSummary o in now.Outlets) Last(o.QueueCapacity, Keys.EbpfReceiverOutletName, o.Name);
        Begin(Metrics.EbpfReceiverOutletAccepted);
        foreach (OutletSummary o in now.Outlets) Count(o.Accepted, Keys.EbpfReceiverOutletName, o.Name);
        Begin(Metrics.EbpfReceiverOutletSent);
        foreach (OutletSummary o in now.Outlets) Count(o.Sent, Keys.EbpfReceiverOutletName, o.Name);
        Begin(Metrics.EbpfReceiverOutletRefused);
        foreach (OutletSummary o in now.Outlets) Count(o.Refused, Keys.EbpfReceiverOutletName, o.Name);
        Begin(Metrics.EbpfReceiverOutletFailed);
        foreach (OutletSummary o in now.Outlets) Count(o.Failed, Keys.EbpfReceiverOutletName, o.Name);
        Begin(Metrics.EbpfReceiverOutletRequests);
        foreach (IOutlet o in fanout.Outlets) Count(o.Statistics.Requests, Keys.EbpfReceiverOutletName, o.Name);
        Begin(Metrics.EbpfReceiverOutletRetries);
        foreach (IOutlet o in fanout.Outlets) Count(o.Statistics.Retries, Keys.EbpfReceiverOutletName, o.Name);
        Begin(Metrics.EbpfReceiverOutletIo);
        foreach (IOutlet o in fanout.Outlets) Count(o.Statistics.Bytes, Keys.EbpfReceiverOutletName, o.Name);
        WriteStorage();
        Begin(Metrics.EbpfReceiverLiveMissed);
        Count(fanout.Outlets.OfType<LiveOutlet>().Sum(o => o.Missed));
        Begin(Metrics.EbpfReceiverOutletDropped);
        foreach (IOutlet outlet in fanout.Accounts)
        {
            foreach (DropStatistics d in OutletSummaries.DropsOf(outlet))
                Count(d.Count, Keys.EbpfReceiverOutletName, d.Stage, Keys.EbpfReceiverDropCause, d.Cause);
        }
    }

    private void WriteStorage()
    {
        IOutlet[] stored = [.. fanout.Outlets.Where(o => o.Statistics.Storage is not null)];
        Begin(Metrics.EbpfReceiverOutletStorageSize);
        foreach (IOutlet o in stored) Last(o.Statistics.Storage!.Bytes, Keys.EbpfReceiverOutletName, o.Name);
        Begin(Metrics.EbpfReceiverOutletStorageCapacity);
        foreach (IOutlet o in stored) Last(o.Statistics.Storage!.CapacityBytes, Keys.EbpfReceiverOutletName, o.Name);
        Begin(Metrics.EbpfReceiverOutletStorageBatches);
        foreach (IOutlet o in stored) Last(o.Statistics.Storage!.Batches, Keys.EbpfReceiverOutletName, o.Name);
        Begin(Metrics.EbpfReceiverOutletStorageRecovered);
        foreach (IOutlet o in stored) Count(s_signals.Sum(o.Statistics.Recovered), Keys.EbpfReceiverOutletName, o.Name);
        Begin(Metrics.EbpfReceiverOutletStorageCorrupted);
        foreach (IOutlet o in stored) Count(o.Statistics.Storage!.CorruptedBytes, Keys.EbpfReceiverOutletName, o.Name);
        Begin(Metrics.EbpfReceiverOutletStorageFailing);
        foreach (IOutlet o in stored) Last(o.Statistics.Storage!.Fault is null ? 0L : 1L, Keys.EbpfReceiverOutletName, o.Name);
    }

    private void Begin(MetricDescriptor metric) => _points.Begin(metric);

    private void Last(
        long value,
        ReadOnlySpan<byte> key1 = default,
        string value1 = "",
        ReadOnlySpan<byte> key2 = default,
        string value2 = "") => _points.Add(value, new OwnAttributes(key1, value1, key2, value2));

    private void Last(double value, ReadOnlySpan<byte> key = default, string attribute = "") =>
        _points.Add(value, new OwnAttributes(key, attribute));

    private void Count(
        long value,
        ReadOnlySpan<byte> key1 = default,
        string value1 = "",
        ReadOnlySpan<byte> key2 = default,
        string value2 = "",
        ReadOnlySpan<byte> key3 = default,
        string value3 = "") => _points.Add(value, new OwnAttributes(key1, value1, key2, value2, key3, value3));

    private void Count(double value, ReadOnlySpan<byte> key = default, string attribute = "") =>
        _points.Add(value, new OwnAttributes(key, attribute));
}
