using EbpfReceiver.Bpf;
using EbpfReceiver.Configuration;
using EbpfReceiver.Probes.Libraries;

namespace EbpfReceiver.Probes;

/// <summary>A probe in the kernel: its maps, its loaded programs and its links. Disposing takes all of it out.</summary>
internal sealed class AttachedProbe : IDisposable
{
    private readonly List<BpfLink> _links = [];
    private readonly List<BpfProgram> _programs = [];
    private readonly List<HookOutcome> _hooks = [];
    private readonly List<LibraryHook> _libraryHooks = [];
    private readonly LibraryWatcher? _watcher;
    private LibraryTarget? _libraries;
    private long _missedByTaken;

    private AttachedProbe(BpfObject bpf, LibraryWatcher? watcher)
    {
        Object = bpf;
        _watcher = watcher;
    }

    /// <summary>The object, with its maps.</summary>
    public BpfObject Object { get; }

    /// <summary>Its programs that are loaded.</summary>
    public IReadOnlyList<BpfProgram> Programs => _programs;

    /// <summary>
    /// Attaches each hook by the first of its alternatives that loads and attaches as a whole. Does not throw for a hook that has none:
    /// <see cref="Hooks"/> says which, and why.
    /// </summary>
    /// <param name="probe">The probe.</param>
    /// <param name="spec">Its object.</param>
    /// <param name="options">The kernel's types, and the maps that are there already.</param>
    /// <param name="preference">Which kinds of alternatives are considered.</param>
    /// <param name="watcher">Attaches hooks in libraries.</param>
    /// <param name="made">Called when the maps are there, before any program runs.</param>
    /// <exception cref="BpfException">The maps can't be made.</exception>
    public static AttachedProbe Attach(
        Probe probe, BpfObjectSpec spec, BpfObjectOptions options, AttachPreference preference, LibraryWatcher watcher, Action<BpfObject> made)
    {
        BpfObject bpf = BpfObject.Create(spec, options);
        var attached = new AttachedProbe(bpf, watcher);
        try
        {
            MakeOverflowSeries(probe, bpf);
            made(bpf);
            probe.OnMade(bpf);
            IReadOnlyList<HookPlan> hooks = HookPlan.Of(spec.Programs, probe.KeepsOrder);
            attached.LoadAhead(hooks, preference);
            foreach (HookPlan hook in hooks) attached.AttachHook(hook, preference);
            if (attached._libraryHooks.Count > 0 && probe.Libraries is { } files)
            {
                attached._libraries = new LibraryTarget(files, attached._libraryHooks);
                watcher.Add(attached._libraries);
            }

            return attached;
        }
        catch
        {
            attached.Dispose();
            throw;
        }
    }

    /// <summary>What became of each hook; those in libraries change as libraries come and go.</summary>
    public IReadOnlyList<HookStatus> Hooks(Probe probe)
    {
        IReadOnlyList<AttachedLibrary> libraries = _libraries is null ? [] : _watcher!.AttachedOf(_libraries);
        var result = new List<HookStatus>(_hooks.Count);
        foreach (HookOutcome hook in _hooks)
        {
            IReadOnlyList<string> places = hook.Plan.IsInLibraries
                ? [.. libraries.Where(l => l.Hooks.Contains(hook.Plan.Name)).Select(l => l.Path).Distinct()]
                : hook.Places;
            result.Add(new HookStatus(
                hook.Plan.Name, !probe.OptionalHooks.Contains(hook.Plan.Name), hook.Chosen, hook.Alternatives, places)
            {
                Problems = [.. libraries.Select(l => l.Problems.GetValueOrDefault(hook.Plan.Name)).OfType<string>().Distinct()],
            });
        }

        return result;
    }

    /// <summary>Hits of its kprobes that the kernel did not take (<see cref="BpfLinkInfo.Missed"/>).</summary>
    public long MissedByLinks()
    {
        long sum = _missedByTaken;
        foreach (BpfLink link in _links)
        {
            if (link.IsKernelLink) sum += link.Info().Missed ?? 0;
        }

        return sum;
    }

    /// <summary>Takes every program off its hook, so that no new samples are made; maps can still be read.</summary>
    public void Detach() => Detachment.All(TakeLinks());

    /// <summary>Its links, which become the caller's to dispose.</summary>
    public IReadOnlyList<BpfLink> TakeLinks()
    {
        // What a link counted goes with it.
        _missedByTaken = MissedByLinks();
        List<BpfLink> links = [.. _links];
        _links.Clear();
        if (_libraries is { } libraries)
        {
            _libraries = null;
            links.AddRange(_watcher!.Remove(libraries));
        }

        return links;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Detach();
        Object.Dispose();
    }

    /// <summary>A full map counts what it has no room for under the key of zeros; the kernel side can't make it then.</summary>
    private static void MakeOverflowSeries(Probe probe, BpfObject bpf)
    {
        foreach (Aggregates.MapAggregate aggregate in probe.Aggregates)
        {
            if (!aggregate.HasOverflowSeries) continue;
            BpfMap map = bpf.Map(aggregate.MapName);
            map.Update(new byte[map.KeySize], new byte[map.EntryBytes]);
        }
    }

    /// <summary>
    /// Loads what the hooks will take if nothing speaks against it, on all processors. What the kernel refuses is asked of it again when its turn
    /// comes, and the refusal is kept then.
    /// </summary>
    private void LoadAhead(IReadOnlyList<HookPlan> hooks, AttachPreference preference)
    {
        IEnumerable<ProgramSpec> likely = hooks.SelectMany(
            h => h.Alternatives.FirstOrDefault(a => AttachLadder.Allows(preference, a.Kind))?.Programs ?? []);
        Parallel.ForEach(likely, program =>
        {
            try
            {
                Object.Load(program.Name);
            }
            catch (BpfException)
            {
                // AttachHook meets it as well.
            }
        });
    }

    private void AttachHook(HookPlan hook, AttachPreference preference)
    {
        var outcome = new HookOutcome(hook);
        _hooks.Add(outcome);
        foreach (AlternativePlan alternative in hook.Alternatives)
        {
            if (!AttachLadder.Allows(preference, alternative.Kind))
            {
                outcome.Refuse(alternative, "The configuration wants another kind (probes.attach).");
                continue;
            }

            try
            {
                if (hook.IsInLibraries) Load(alternative, hook.Name);
                else outcome.Take(alternative, Attach(alternative));
                if (hook.IsInLibraries) outcome.Take(alternative, []);
                return;
            }
            catch (BpfException e)
            {
                outcome.Refuse(alternative, e.Message);
            }
        }
    }

    private void Load(AlternativePlan alternative, string hook)
    {
        var programs = new List<BpfProgram>();
        foreach (ProgramSpec program in alternative.Programs) programs.Add(Object.Load(program.Name));
        _programs.AddRange(programs);
        _libraryHooks.Add(new LibraryHook(hook, alternative.Name, programs));
    }

    private IReadOnlyList<string> Attach(AlternativePlan alternative)
    {
        var links = new List<BpfLink>();
        var programs = new List<BpfProgram>();
        try
        {
            // Loading all first: a program that attaches alone would already count.
            foreach (ProgramSpec program in alternative.Programs) programs.Add(Object.Load(program.Name));
            foreach (BpfProgram program in programs) links.Add(ProgramAttachment.Attach(program));
        }
        catch
        {
            foreach (BpfLink link in links) link.Dispose();
            throw;
        }

        _programs.AddRange(programs);
        _links.AddRange(links);
        return [.. links.Select(l => l.Description)];
    }
}
