using EbpfReceiver.Aggregates;
using EbpfReceiver.Configuration;
using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;
using EbpfReceiver.Samples;
using EbpfReceiver.Telemetry;
using EbpfReceiver.Tests.Hosting;

namespace EbpfReceiver.Tests.Samples;

/// <summary>All decoders with a clock of known offsets: wall = monotonic + 1e18, boot = monotonic + 5e9.</summary>
internal sealed class DecoderFixture
{
    public const ulong WallOffset = 1_000_000_000_000_000_000;
    public const ulong BootOffset = 5_000_000_000;

    private readonly ulong _now = 100_000_000_000;

    public DecoderFixture(ProcessesConfiguration? processes = null)
    {
        Clock = new KernelClock(clock => clock switch { 0 => _now + WallOffset, 7 => _now + BootOffset, _ => _now });
        var resources = new ProcessResources(new HostIdentity("h", "i", "b"), new UserNames(), Clock, new Dictionary<string, string>());
        var filter = new ProcessFilter(processes ?? new ProcessesConfiguration { Include = [], Exclude = [] }, Environment.ProcessId);
        Identity = new IdentityTable(new ProcFiles(), resources, filter);
        var fanout = new Fanout([Outlet]);
        Publish = fanout.Publish;
        Items = new ItemStream(Identity, Clock, fanout.Publish, EbpfReceiver.Hosting.MemoryGuard.Unlimited);
        Durations = new DnsLookupDurations(Scopes.Dns, Identity, maximumNames: 2);
        Router = new SampleRouter(() => { });
        Router.Route(SampleKind.ProcessFork, new ProcessForkDecoder(Identity));
        Router.Route(SampleKind.ProcessExec, new ProcessExecDecoder(Identity, new ProcFiles(), Items.Logs, Events, Clock));
        Router.Route(SampleKind.ProcessExit, new ProcessExitDecoder(Identity, Items.Logs, Events, Clock));
        Tcp = new TcpConnectionDecoder(Identity, Items.Spans, ItemStream.TcpScope, Clock);
        Router.Route(SampleKind.TcpConnection, Tcp);
        Router.Route(SampleKind.DnsLookup, new DnsLookupDecoder(Identity, Items.Spans, ItemStream.DnsScope, Durations, Clock));
    }

    public CapturingOutlet Outlet { get; } = new();

    public KernelClock Clock { get; }

    public IdentityTable Identity { get; }

    public ItemStream Items { get; }

    public SampleRouter Router { get; }

    public TcpConnectionDecoder Tcp { get; }

    public DnsLookupDurations Durations { get; }

    public ProcessEventSettings Events { get; } = new() { Events = true };

    public Action<Batch> Publish { get; }

    public void Knows(int pid, string path) =>
        Identity.OnExec(ProcessDescription.Create(pid, 1, SampleBytes.Start, 0, Path.GetFileName(path), path, [path], default, "/"), 1);
}
