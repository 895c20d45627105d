using EbpfReceiver.Aggregates;
using EbpfReceiver.Bpf;
using EbpfReceiver.Configuration;
using EbpfReceiver.ProbeLanguage;
using EbpfReceiver.Probes.Declared;
using EbpfReceiver.Probes.Libraries;
using EbpfReceiver.Samples;

namespace EbpfReceiver.Probes;

/// <summary>Attaches and detaches probes, and says how they are.</summary>
/// <param name="probes">All probes there are; the first that is always attached makes the shared maps.</param>
/// <param name="configuration">Which of them run, and how.</param>
/// <param name="collector">Reads the maps of those that are attached.</param>
/// <param name="watcher">Attaches those in libraries.</param>
/// <param name="clock">Tells when a probe was attached.</param>
/// <param name="log">The receiver's log.</param>
internal sealed partial class ProbeHost(
    IReadOnlyList<Probe> probes,
    ProbesConfiguration configuration,
    MapCollector collector,
    LibraryWatcher watcher,
    KernelClock clock,
    ILogger log) : IDisposable
{
    /// <summary>The perf event array through which all samples go.</summary>
    public const string SamplesMap = "samples";

    /// <summary>What the kernel side knows of its samples.</summary>
    public const string CountersMap = "sample_counters";

    private const string ImagesMap = "images";

    /// <summary>The collector's own: a collection asks for the probes' state, and a change of probes asks for a collection.</summary>
    private readonly Lock _gate = collector.Gate;
    private readonly SortedDictionary<string, ProbeSlot> _slots =
        new(probes.ToDictionary(p => p.Name, p => new ProbeSlot(p)), StringComparer.Ordinal);

    private readonly Dictionary<string, BpfMap> _shared = [];
    private ProbesConfiguration _configuration = configuration;
    private Action? _onShared;
    private IReadOnlyList<(ProbeSlot Slot, Task<AttachedProbe> Attached)> _attaching = [];

    /// <summary>A map that all probes share.</summary>
    public BpfMap SharedMap(string name) => _shared[name];

    /// <summary>Probes that run, whole or in part.</summary>
    public int RunningCount
    {
        get
        {
            lock (_gate) return _slots.Values.Count(s => s.State is ProbeState.Running or ProbeState.Degraded);
        }
    }

    /// <summary>Takes probes in before any is attached; those of the configuration are there from the start.</summary>
    public void Register(IEnumerable<Probe> added)
    {
        lock (_gate)
        {
            foreach (Probe probe in added) _slots[probe.Name] = new ProbeSlot(probe);
        }
    }

    /// <summary>Takes in what can't be attached, so that it is seen.</summary>
    public void RegisterFailed(Probe probe, ProbeReason reason)
    {
        lock (_gate) _slots[probe.Name] = new ProbeSlot(probe) { State = ProbeState.Failed, Reasons = [reason] };
    }

    /// <summary>The probe of a name; null if there is none.</summary>
    public Probe? Find(string name)
    {
        lock (_gate) return _slots.GetValueOrDefault(name)?.Probe;
    }

    /// <summary>
    /// Makes the shared maps, and attaches what the others need. They begin to be attached meanwhile, as soon as the shared maps are there: the
    /// kernel checks a program on one processor.
    /// </summary>
    /// <param name="shared">Called when the shared maps are there, before any program runs: samples need a reader from the first on.</param>
    /// <exception cref="BpfException">The shared maps can't be made: nothing can run.</exception>
    public void AttachFirst(Action shared)
    {
        _onShared = shared;
        // What is to run counts as being loaded until its turn comes, not as disabled: readiness waits for the last.
        lock (_gate)
        {
            foreach (ProbeSlot slot in _slots.Values)
            {
                if (slot.Probe.IsAlwaysAttached || IsWanted(slot.Probe)) slot.State = ProbeState.Loading;
            }
        }

        foreach (ProbeSlot slot in _slots.Values)
        {
            if (!slot.Probe.IsAlwaysAttached) continue;
            lock (_gate)
            {
                Attach(slot, () => Attach(slot.Probe), required: true);
                slot.Probe.Speak(_configuration.Includes(slot.Probe.Name));
                if (!_configuration.Includes(slot.Probe.Name)) slot.State = ProbeState.Disabled;
            }
        }

        if (FindMap(ImagesMap) is { } images) watcher.Forget = (inode, device) => ForgetImage(images, inode, device);
    }

    /// <summary>Waits until all other probes that the configuration includes are attached, and takes them in.</summary>
    public void AttachRest()
    {
        lock (_gate)
        {
            foreach ((ProbeSlot slot, Task<AttachedProbe> attached) in _attaching)
                Attach(slot, () => attached.GetAwaiter().GetResult(), required: false);
            _attaching = [];
        }
    }

    /// <summary>Takes all programs off their hooks: no new samples. Maps stay readable.</summary>
    public void DetachAll()
    {
        BpfLink[] links;
        lock (_gate) links = [.. _slots.Values.SelectMany(s => s.Attached?.TakeLinks() ?? [])];
        // Outside the lock: it takes seconds on a slow machine, and others ask for the state of probes meanwhile.
        Detachment.All(links);
    }

    /// <summary>All probes, in the order of their names.</summary>
    public IReadOnlyList<ProbeStatus> List()
    {
        lock (_gate) return [.. _slots.Values.Select(s => s.Status())];
    }

    /// <summary>Explains one probe, running or not.</summary>
    /// <exception cref="UnknownProbeException">There is no probe of that name.</exception>
    public ProbeExplanation Explain(string name)
    {
        lock (_gate) return Slot(name).Explain(map => map is SamplesMap or CountersMap);
    }

    /// <summary>Declared probes that are attached.</summary>
    public IReadOnlyList<DeclaredProbe> Declared()
    {
        lock (_gate) return [.. _slots.Values.Where(s => s.Attached is not null).Select(s => s.Probe).OfType<DeclaredProbe>()];
    }

    /// <summary>Maps of all attached probes, with the name of their probe.</summary>
    public IReadOnlyList<(string Probe, BpfMap Map)> Maps()
    {
        var maps = new List<(string, BpfMap)>();
        lock (_gate)
        {
            foreach (ProbeSlot slot in _slots.Values)
            {
                foreach (BpfMap map in slot.Attached?.Object.Maps.Values ?? [])
                {
                    // The shared maps belong to the probe that made them.
                    bool borrowed = map.Name is SamplesMap or CountersMap && !slot.Probe.IsAlwaysAttached;
                    if (!borrowed && !map.Name.StartsWith('.')) maps.Add((slot.Probe.Name, map));
                }
            }
        }

        return maps;
    }

    /// <summary>Entries in use of the maps of aggregates, as of the last collection.</summary>
    public IReadOnlyList<(string Probe, string Map, int Entries)> AggregateEntries()
    {
        lock (_gate)
        {
            return
            [
                .. _slots.Values.Where(s => s.Attached is not null)
                    .SelectMany(s => s.Probe.Aggregates.Select(a => (s.Probe.Name, a.MapName, a.Entries))
                        .Concat(s.Probe.OwnEntries.Select(e => (s.Probe.Name, e.Map, e.Entries)))),
            ];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            // Those that nobody took in: the start was given up between the first probe and the rest.
            foreach ((_, Task<AttachedProbe> attached) in _attaching)
            {
                try
                {
                    attached.GetAwaiter().GetResult().Dispose();
                }
                catch (BpfException)
                {
                    // It could not be attached, so there is nothing to take out.
                }
            }

            _attaching = [];
            foreach (ProbeSlot slot in _slots.Values.Reverse())
            {
                if (slot.Probe.IsAlwaysAttached) continue;
                slot.Attached?.Dispose();
                slot.Attached = null;
            }

            foreach (ProbeSlot slot in _slots.Values)
            {
                slot.Attached?.Dispose();
                slot.Attached = null;
            }
        }
    }

    private bool IsWanted(Probe probe) => probe is DeclaredProbe declared ? declared.IsWanted : _configuration.Includes(probe.Name);

    private static void ForgetImage(BpfMap images, ulong inode, uint device)
    {
        var key = new ImageKey { Inode = inode, Device = device };
        images.Delete(System.Runtime.InteropServices.MemoryMarshal.AsBytes(new ReadOnlySpan<ImageKey>(in key)));
    }

    private BpfMap? FindMap(string name) => _slots.Values.Select(s => s.Attached?.Object.Maps.GetValueOrDefault(name)).FirstOrDefault(m => m is not null);

    private ProbeSlot Slot(string name) => _slots.TryGetValue(name, out ProbeSlot? slot) ? slot : throw new UnknownProbeException(name, _slots.Keys);

    /// <summary>Touches nothing but the probe and its object, so that several can be attached at the same time.</summary>
    private AttachedProbe Attach(Probe probe)
    {
        BpfObjectSpec spec = probe.ReadObject();
        probe.Configure(spec);
        foreach ((string map, long entries) in _configuration.MapEntries)
        {
            if (spec.Maps.TryGetValue(map, out MapSpec? found)) found.MaxEntries = (uint)entries;
        }

        var options = new BpfObjectOptions { KernelTypes = KernelTypes.Of(log), SharedMaps = _shared };
        AttachedProbe attached = AttachedProbe.Attach(probe, spec, options, _configuration.Attach, watcher, Share);
        attached.Object.ForgetKernelTypes();
        return attached;
    }

    private void Attach(ProbeSlot slot, Func<AttachedProbe> attach, bool required)
    {
        slot.State = ProbeState.Loading;
        try
        {
            Settle(slot, attach());
        }
        catch (BpfException e)
        {
            Fail(slot, e);
            if (required) throw;
        }
    }

    private void Fail(ProbeSlot slot, BpfException e)
    {
        // What the catalogue leaves out, it does on purpose: there, a field that a kernel has not got is no mistake either.
        bool isSkipped = slot.Probe.MayBeMissing
            && (e is HooksMissingException || (e.InnerException is ProbeLanguageException && slot.Probe is DeclaredProbe { Source.Origin: ProbeSource.Catalogue }));
        slot.State = isSkipped ? ProbeState.Disabled : ProbeState.Failed;
        slot.Reasons = [new ProbeReason("", e.Message, (e as BpfSyscallException)?.Remedy)];
        if (isSkipped) return;
        ProbeLog.Failed(log, slot.Probe.Name, e.Message);
    }

    /// <summary>Running, degraded or failed: by the hooks that found no alternative.</summary>
    private void Settle(ProbeSlot slot, AttachedProbe attached)
    {
        IReadOnlyList<HookStatus> hooks = attached.Hooks(slot.Probe);
        slot.LastHooks = hooks;
        slot.Reasons = [.. hooks.Where(h => h.Chosen is null).Select(h => HookReason.Of(h, Environment.OSVersion.Version))];
        foreach (HookStatus hook in hooks)
        {
            foreach (AlternativeStatus a in hook.Alternatives)
            {
                if (a.Refusal is { } refusal) ProbeLog.AlternativeRefused(log, hook.Name, slot.Probe.Name, a.Name, refusal);
            }
        }

        bool failed = hooks.Any(h => h is { Chosen: null, Required: true });
        if (failed && !slot.Probe.IsAlwaysAttached)
        {
            slot.State = slot.Probe.MayBeMissing ? ProbeState.Disabled : ProbeState.Failed;
            slot.Probe.OnDetached();
            attached.Dispose();
            if (slot.Probe.MayBeMissing) return;
            ProbeLog.Failed(log, slot.Probe.Name, string.Join(" ", slot.Reasons.Select(r => r.Text)));
            return;
        }

        slot.Attached = attached;
        slot.State = slot.Reasons.Count > 0 ? ProbeState.Degraded : ProbeState.Running;
        ulong monotonic = clock.Now;
        slot.AttachedAt = monotonic;
        ulong unix = clock.ToUnix(monotonic);
        foreach (MapAggregate aggregate in AggregatesOf(slot.Probe)) aggregate.Attach(new KernelMapReader(attached.Object.Map(aggregate.MapName)), unix);
        slot.Probe.OnAttached(attached, monotonic, unix);
        collector.Add(slot.Probe);
        if (slot.State == ProbeState.Degraded) ProbeLog.Degraded(log, slot.Probe.Name, string.Join(" ", slot.Reasons.Select(r => r.Text)));
        ProbeLog.Attached(log, slot.Probe.Name, string.Join(", ", hooks.Where(h => h.Chosen is not null).Select(h => $"{h.Name}: {h.Chosen}")));
    }

    private void Detach(ProbeSlot slot)
    {
        if (slot.Attached is { } attached)
        {
            attached.Detach();
            collector.Remove(slot.Probe);
            foreach (MapAggregate aggregate in slot.Probe.Aggregates) aggregate.Detach();
            slot.Probe.OnDetached();
            attached.Dispose();
            slot.Attached = null;
            ProbeLog.Detached(log, slot.Probe.Name);
        }

        slot.LastHooks = null;
        slot.State = ProbeState.Disabled;
        slot.Reasons = [];
    }

    private static void Silence(ProbeSlot slot, bool enabled)
    {
        slot.Probe.Speak(enabled);
        if (slot.Attached is null) return;
        slot.State = !enabled ? ProbeState.Disabled : slot.Reasons.Count > 0 ? ProbeState.Degraded : ProbeState.Running;
    }

    private static IEnumerable<MapAggregate> AggregatesOf(Probe probe) =>
        probe is Process.ProcessProbe process ? [process.Totals] : probe.Aggregates;

    private void Share(BpfObject made)
    {
        if (_shared.Count > 0) return;
        _shared.Add(SamplesMap, made.Map(SamplesMap));
        _shared.Add(CountersMap, made.Map(CountersMap));
        _onShared?.Invoke();
        _attaching =
        [
            .. _slots.Values.Where(s => !s.Probe.IsAlwaysAttached && IsWanted(s.Probe)).Select(s => (s, Task.Run(() => Attach(s.Probe)))),
        ];
    }
}
