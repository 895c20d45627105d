using EbpfReceiver.Bpf;
using EbpfReceiver.Configuration;
using EbpfReceiver.Identity;
using EbpfReceiver.Probes;
using EbpfReceiver.Probes.Declared;
using EbpfReceiver.Probes.Libraries;
using EbpfReceiver.ProbeLanguage;
using EbpfReceiver.Samples;
using Microsoft.Extensions.Logging.Abstractions;

namespace EbpfReceiver.Trace;

/// <summary>Probes of a file or a one-liner, attached for a person who looks at them: no receiver around them, nothing exported.</summary>
internal sealed class TraceSession : IDisposable
{
    private readonly ProcFiles _files = new();
    private readonly KernelClock _clock = new();
    private readonly IdentityTable _identity;
    private readonly LibraryWatcher _watcher;
    private readonly DeclaredItems _items;
    private readonly DeclaredEvents _events;
    private readonly SampleRouter _router;
    private readonly List<(DeclaredProbe Probe, AttachedProbe Attached)> _probes = [];
    private readonly List<AttachedProbe> _unused = [];
    private readonly List<string> _leftOut = [];
    private readonly Dictionary<string, BpfMap> _shared = [];
    private BpfRunStatistics? _statistics;
    private SampleReader? _reader;

    private TraceSession(TraceEvents events)
    {
        var resources = new ProcessResources(HostIdentity.Read(), new UserNames(), _clock, new Dictionary<string, string>());
        var everything = new ProcessesConfiguration { Include = [], Exclude = [] };
        _identity = new IdentityTable(_files, resources, new ProcessFilter(everything, Environment.ProcessId));
        _watcher = new LibraryWatcher(_files, NullLogger.Instance);
        _items = new DeclaredItems(_identity, events.Publish);
        _events = new DeclaredEvents(_identity, _items);
        _router = new SampleRouter(OnPass);
        _router.Route(SampleKind.Declared, _events);
    }

    /// <summary>The hooks of all probes.</summary>
    public IReadOnlyList<HookStatus> Hooks => [.. _probes.SelectMany(p => p.Attached.Hooks(p.Probe))];

    /// <summary>Why probes that may be missing are left out, a sentence each.</summary>
    public IReadOnlyList<string> LeftOut => _leftOut;

    /// <summary>What the scopes of probes name and is not there, a sentence each.</summary>
    public IReadOnlyList<string> Absent => [.. _probes.Select(p => p.Probe.Readings!.Sets.Absent).OfType<string>().Distinct()];

    /// <summary>Compiles and attaches probes.</summary>
    /// <param name="sources">The probes.</param>
    /// <param name="preference">Which kinds of hooks are considered.</param>
    /// <param name="events">Takes spans and log records.</param>
    /// <exception cref="BpfException">One of them can't be; the message says why. None of them stays attached.</exception>
    public static TraceSession Start(IReadOnlyList<ProbeSource> sources, AttachPreference preference, TraceEvents events)
    {
        var session = new TraceSession(events);
        try
        {
            BtfTypes? types = KernelTypes.Of(NullLogger.Instance);
            var forge = new ProbeForge(() => new RunningMachine(types));
            foreach (ProbeSource source in sources) session.Attach(new DeclaredProbe(source, forge, session.Parts), types, preference);
            if (session._probes.Count == 0) throw new BpfException(string.Join(Environment.NewLine, session._leftOut));
            session._watcher.Start();
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>A second has passed.</summary>
    public void Tick()
    {
        foreach ((DeclaredProbe probe, _) in _probes) probe.Tick();
        _identity.Sweep(checkAll: false);
    }

    /// <summary>Takes all programs off their hooks, and reads the samples that are still on their way.</summary>
    public void Stop()
    {
        Detachment.All([.. _probes.SelectMany(p => p.Attached.TakeLinks())]);
        _reader?.Stop();
        if (_reader is not null) _items.Flush();
    }

    /// <summary>What the probes have recorded so far.</summary>
    public IReadOnlyList<TraceProbe> Read()
    {
        foreach ((DeclaredProbe probe, _) in _probes) probe.Readings!.Read();
        // Clauses of a one-liner that record in the same map have one table; the metrics of probes in YAML are each their own.
        ILookup<object, SeriesTable> maps = _probes.SelectMany(p => p.Probe.Readings!.Tables).ToLookup(MapOf);
        var shown = new HashSet<object>();
        var result = new List<TraceProbe>(_probes.Count);
        foreach ((DeclaredProbe probe, AttachedProbe attached) in _probes)
        {
            result.Add(new TraceProbe(
                probe.Name,
                attached.Hooks(probe),
                [.. probe.Readings!.Tables.Where(t => shown.Add(MapOf(t))).Select(t => TraceTables.Of([.. maps[MapOf(t)]]))],
                probe.Readings!.Budget.LowestRatio,
                [.. probe.Readings!.AllLosses.Where(l => l.Count > 0)]));
        }

        return result;

        static object MapOf(SeriesTable table) => table.Layout.Emitter.Name is ['@', ..] name ? name : table;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Detachment.All([.. _probes.SelectMany(p => p.Attached.TakeLinks())]);
        _watcher.Dispose();
        _reader?.Dispose();
        foreach ((_, AttachedProbe attached) in Enumerable.Reverse(_probes)) attached.Dispose();
        foreach (AttachedProbe attached in _unused) attached.Dispose();
        _items.Dispose();
        _statistics?.Dispose();
    }

    private DeclaredParts Parts => new(_identity, _clock, _events, "");

    private void Attach(DeclaredProbe probe, BtfTypes? types, AttachPreference preference)
    {
        BpfObjectSpec spec;
        try
        {
            spec = probe.ReadObject();
        }
        catch (HooksMissingException e) when (probe.MayBeMissing)
        {
            _leftOut.Add(e.Message);
            return;
        }

        if (probe.Readings!.Budget.IsLimited) _statistics ??= BpfRunStatistics.Enable();
        var options = new BpfObjectOptions { KernelTypes = types, SharedMaps = _shared };
        AttachedProbe attached = AttachedProbe.Attach(probe, spec, options, preference, _watcher, Share);
        if (attached.Hooks(probe).Select(ProblemOf).OfType<string>().FirstOrDefault() is { } problem)
        {
            // Its maps may be those that the samples of others go through.
            attached.Detach();
            _unused.Add(attached);
            if (!probe.MayBeMissing) throw new BpfException(problem);
            _leftOut.Add($"{probe.Name}: {problem}");
            return;
        }

        _probes.Add((probe, attached));
        probe.OnAttached(attached, _clock.Now, _clock.ToUnix(_clock.Now));
    }

    private static string? ProblemOf(HookStatus hook) => hook switch
    {
        { Chosen: null } => HookReason.Of(hook, Environment.OSVersion.Version).Text,
        { AttachedTo.Count: 0, Problems.Count: > 0 } => $"Hook {hook.Name} can't be attached. {string.Join(" ", hook.Problems)}",
        _ => null,
    };

    /// <summary>Samples of all probes go through the maps of the first that has any.</summary>
    private void Share(BpfObject made)
    {
        if (_reader is not null || !made.Maps.TryGetValue(ProbeHost.SamplesMap, out BpfMap? samples)) return;
        _shared.Add(ProbeHost.SamplesMap, samples);
        _shared.Add(ProbeHost.CountersMap, made.Map(ProbeHost.CountersMap));
        _reader = new SampleReader(samples, _router, new SampleReaderOptions());
        _reader.Start();
    }

    private void OnPass()
    {
        _clock.MeasureIfDue();
        _items.Flush();
    }
}
