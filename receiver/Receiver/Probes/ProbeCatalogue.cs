using EbpfReceiver.Aggregates;
using EbpfReceiver.Configuration;
using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;
using EbpfReceiver.Probes.Block;
using EbpfReceiver.Probes.Dns;
using EbpfReceiver.Probes.Libraries;
using EbpfReceiver.Probes.Process;
using EbpfReceiver.Probes.Sched;
using EbpfReceiver.Probes.Tcp;
using EbpfReceiver.Probes.Tls;
using EbpfReceiver.Samples;
using EbpfReceiver.Telemetry;

namespace EbpfReceiver.Probes;

/// <summary>All probes there are, joined to what they feed.</summary>
internal static class ProbeCatalogue
{
    /// <summary>Makes the probes, and routes their samples.</summary>
    /// <param name="settings">What the configuration says of single probes.</param>
    /// <param name="identity">Which processes there are.</param>
    /// <param name="files">Where processes are read.</param>
    /// <param name="items">Takes spans and log records.</param>
    /// <param name="router">Gets the decoders.</param>
    /// <param name="watcher">Hears of libraries.</param>
    /// <param name="clock">Turns times into wall time.</param>
    public static IReadOnlyList<Probe> Create(
        ProbeSettings settings,
        IdentityTable identity,
        ProcFiles files,
        ItemStream items,
        SampleRouter router,
        LibraryWatcher watcher,
        KernelClock clock)
    {
        EncodedResource machine = identity.Machine;
        var events = new ProcessEventSettings { Arguments = settings.Process.Arguments };
        router.Route(SampleKind.ProcessFork, new ProcessForkDecoder(identity));
        router.Route(SampleKind.ProcessExec, new ProcessExecDecoder(identity, files, items.Logs, events, clock));
        router.Route(SampleKind.ProcessExit, new ProcessExitDecoder(identity, items.Logs, events, clock));
        router.Route(SampleKind.ImageMapped, new ImageMappedDecoder(watcher.OnMapped));
        return
        [
            new ProcessProbe(events, settings.Process.Events, new ProcessTotalsAggregate(Scopes.Process, machine)),
            CreateTcp(settings.Tcp, identity, items, router, clock),
            CreateDns(settings.Dns, identity, items, router, clock),
            CreateTls(settings.Tls, identity),
            new BlockProbe(new BlockDeviceAggregate(Scopes.Block, machine, new DeviceNames())),
            new SchedProbe(new SchedProcessAggregate(Scopes.Sched, identity)),
        ];
    }

    /// <summary>The probe of TCP, and the decoder of its samples.</summary>
    public static Probe CreateTcp(TcpProbeSettings settings, IdentityTable identity, ItemStream items, SampleRouter router, KernelClock clock)
    {
        var connections = new TcpConnectionDecoder(identity, items.Spans, ItemStream.TcpScope, clock);
        router.Route(SampleKind.TcpConnection, connections);
        return new TcpProbe(settings, connections,
        [
            new TcpProcessAggregate(Scopes.Tcp, identity),
            new TcpFailureAggregate(Scopes.Tcp, identity.Machine),
            new TcpLatencyAggregate("tcp_connect_duration", Metrics.SystemNetworkTcpHandshakeDuration, Scopes.Tcp, identity.Machine),
            new TcpLatencyAggregate("tcp_rtt", Metrics.SystemNetworkTcpRttDuration, Scopes.Tcp, identity.Machine),
        ]);
    }

    /// <summary>The probe of name lookups, and the decoder of its samples.</summary>
    public static Probe CreateDns(DnsProbeSettings settings, IdentityTable identity, ItemStream items, SampleRouter router, KernelClock clock)
    {
        var durations = new DnsLookupDurations(Scopes.Dns, identity, settings.MaxNames);
        var decoder = new DnsLookupDecoder(identity, settings.Spans ? items.Spans : null, ItemStream.DnsScope, durations, clock);
        router.Route(SampleKind.DnsLookup, decoder);
        return new DnsProbe(settings, durations);
    }

    /// <summary>The probe of TLS.</summary>
    public static Probe CreateTls(TlsProbeSettings settings, IdentityTable identity) =>
        new TlsProbe(settings, new TlsProcessAggregate(Scopes.Tls, identity));
}
