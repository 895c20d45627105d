using EbpfReceiver.Bpf;
using EbpfReceiver.Configuration;
using EbpfReceiver.ProbeLanguage;

namespace EbpfReceiver.Probes.Declared;

/// <summary>
/// Which declared probes there are: those of the catalogue, over them those of the configured files, over them those that were added over gRPC.
/// Files are looked at every second; what has changed in them is attached, and what has not is left alone.
/// </summary>
internal sealed class DeclaredProbes : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ProbeHost _host;
    private readonly ProbeForge _forge;
    private readonly DeclaredParts _parts;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ProbeSource> _remote = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _said = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _absent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private ProbesConfiguration _configuration;
    private ProbeFiles _files;
    private IReadOnlyList<ProbeSource> _catalogue = [];
    private Dictionary<string, ProbeSource> _current = new(StringComparer.Ordinal);
    private BpfRunStatistics? _statistics;
    private bool _statisticsRefused;
    private Task _loop = Task.CompletedTask;

    /// <param name="configuration">Which of them run.</param>
    /// <param name="host">Attaches them.</param>
    /// <param name="forge">Compiles them.</param>
    /// <param name="parts">What they feed.</param>
    /// <param name="log">The receiver's log.</param>
    public DeclaredProbes(ProbesConfiguration configuration, ProbeHost host, ProbeForge forge, DeclaredParts parts, ILogger log)
    {
        _configuration = configuration;
        _host = host;
        _forge = forge;
        _parts = parts;
        _log = log;
        _files = new ProbeFiles(configuration.Files);
    }

    /// <summary>Reads the index of the catalogue and the files, and gives all probes to the host, which attaches them with the others.</summary>
    public void Load()
    {
        lock (_gate)
        {
            _catalogue = _configuration.Catalogue.Enabled ? ProbeCatalogueFiles.Sources() : [];
            _files.Refresh();
            _current = Wanted();
            _host.Register(_current.Values.Select(s => Make(s, isReplacement: false)));
            Complain();
        }
    }

    /// <summary>Begins to look at the files, and at what probes with a budget take.</summary>
    public void Start()
    {
        // At once, while there is the privilege to have the kernel measure.
        lock (_gate) Tick();
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>
    /// Makes what runs what a changed configuration wants, as the host does for built-in probes. Probes that were added
    /// over gRPC stay.
    /// </summary>
    public void Configure(ProbesConfiguration changed)
    {
        lock (_gate)
        {
            ProbesConfiguration before = _configuration;
            _configuration = changed;
            if (!changed.Files.SequenceEqual(before.Files)) _files = new ProbeFiles(changed.Files);
            if (changed.Catalogue.Enabled != before.Catalogue.Enabled) _catalogue = changed.Catalogue.Enabled ? ProbeCatalogueFiles.Sources() : [];
            _files.Refresh();
            Dictionary<string, ProbeSource> there = new(_current, StringComparer.Ordinal);
            Reconcile();
            foreach ((string name, ProbeSource source) in there)
            {
                // What has come or has changed was attached as the new configuration wants it.
                if (_current.GetValueOrDefault(name) is not { } now || !now.IsSameAs(source)) continue;
                bool wanted = ProbeSelection.Wants(changed, source);
                if (wanted != ProbeSelection.Wants(before, source)) _host.Switch(name, wanted);
            }
        }
    }

    /// <summary>Adds the probes of a document, or puts them in the place of those that have their names.</summary>
    /// <returns>The probes as they are then.</returns>
    /// <exception cref="ProbeLanguageException">The document is wrong.</exception>
    /// <exception cref="BpfException">A probe can't be attached; those before it in the document are.</exception>
    public IReadOnlyList<ProbeStatus> Add(string yaml)
    {
        IReadOnlyList<ProbeSource> sources = ProbeSource.Of(ProbeFile.Parse(yaml, ProbeSource.Remote), ProbeSource.Remote);
        lock (_gate)
        {
            foreach (ProbeSource source in sources)
            {
                if (IsBuiltIn(source.Name))
                    throw new BpfException($"{source.Name} is the name of a built-in probe; give the probe another one.");
            }

            var added = new List<ProbeStatus>();
            foreach (ProbeSource source in sources)
            {
                ProbeStatus status = _host.Replace(Make(source, isReplacement: _current.ContainsKey(source.Name)));
                if (status.State == ProbeState.Failed && !_current.ContainsKey(source.Name))
                {
                    _host.Remove(status.Name);
                    throw new BpfException(string.Join(" ", status.Reasons.Select(r => r.Text)));
                }

                _remote[source.Name] = source;
                _current[source.Name] = source;
                added.Add(status);
            }

            return added;
        }
    }

    /// <summary>
    /// Takes a declared probe out. One that was added goes, and what it took the place of comes back; one of the catalogue or a file stays away
    /// until its file changes or the receiver is started again.
    /// </summary>
    /// <exception cref="UnknownProbeException">There is no declared probe of that name.</exception>
    public void Remove(string name)
    {
        lock (_gate)
        {
            if (!_current.Remove(name, out ProbeSource? source)) throw new UnknownProbeException(name, _current.Keys);
            _host.Remove(name);
            if (!_remote.Remove(name))
            {
                _files.Forget(source);
                _catalogue = [.. _catalogue.Where(s => s.Name != name)];
            }

            Reconcile();
        }
    }

    /// <summary>Looks at the files now.</summary>
    public void Refresh()
    {
        lock (_gate)
        {
            if (_files.Refresh()) Reconcile();
        }
    }

    /// <summary>Ends looking at files.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _statistics?.Dispose();
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                try
                {
                    Refresh();
                    Tick();
                }
                catch (Exception e) when (e is BpfException or IOException)
                {
                    DeclaredLog.RefreshFailed(_log, e.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    /// <summary>Which probes there are to be, by name.</summary>
    private Dictionary<string, ProbeSource> Wanted()
    {
        var wanted = new Dictionary<string, ProbeSource>(StringComparer.Ordinal);
        foreach (ProbeSource source in _catalogue) wanted[source.Name] = source;
        foreach (ProbeSource source in _files.Sources) wanted[source.Name] = source;
        foreach (ProbeSource source in _remote.Values) wanted[source.Name] = source;
        foreach (string name in wanted.Keys.Where(IsBuiltIn).ToList())
        {
            DeclaredLog.NameTaken(_log, name, wanted[name].Origin);
            wanted.Remove(name);
        }

        return wanted;
    }

    /// <summary>Makes what runs what is wanted. What can't be attached leaves what was there before.</summary>
    private void Reconcile()
    {
        Dictionary<string, ProbeSource> wanted = Wanted();
        foreach (string name in _current.Keys.Except(wanted.Keys).ToList())
        {
            _host.Remove(name);
            _current.Remove(name);
            DeclaredLog.Removed(_log, name);
        }

        foreach ((string name, ProbeSource source) in wanted)
        {
            ProbeSource? old = _current.GetValueOrDefault(name);
            if (_host.Find(name) is DeclaredProbe runs && runs.Source.IsSameAs(source))
            {
                runs.Complaint = null;
                _current[name] = source;
                continue;
            }

            // What was refused stays refused until it is written otherwise.
            if (old is not null && old.IsSameAs(source)) continue;
            try
            {
                ProbeStatus status = _host.Replace(Make(source, isReplacement: old is not null));
                DeclaredLog.Changed(_log, name, source.Origin, status.State.ToString().ToLowerInvariant());
            }
            catch (BpfException e)
            {
                DeclaredLog.Refused(_log, name, source.Origin, e.Message);
                if (_host.Find(name) is DeclaredProbe running)
                    running.Complaint = new ProbeReason("", $"What {source.Origin} says now is refused, and what was there before goes on: {e.Message}");
            }

            _current[name] = source;
        }

        Complain();
    }

    /// <summary>Says of files that can't be read what is wrong with them, at the probes that came from them.</summary>
    private void Complain()
    {
        foreach (string mended in _said.Keys.Except(_files.Problems.Keys).ToList()) _said.Remove(mended);
        foreach (string mended in _refused.Except(_files.Problems.Keys).ToList())
        {
            _host.Remove(mended);
            _refused.Remove(mended);
        }

        foreach ((string path, string problem) in _files.Problems)
        {
            if (_said.GetValueOrDefault(path) != problem) DeclaredLog.FileRefused(_log, path, problem);
            _said[path] = problem;
            bool any = false;
            foreach (ProbeSource source in _current.Values.Where(s => s.Origin == path))
            {
                if (_host.Find(source.Name) is not DeclaredProbe probe) continue;
                probe.Complaint = new ProbeReason("", $"{path} is refused, and what it said before goes on: {problem}");
                any = true;
            }

            if (any) continue;
            _host.RegisterFailed(new RefusedFile(path), new ProbeReason("", problem));
            _refused.Add(path);
        }
    }

    private void Tick()
    {
        foreach (string name in _current.Keys)
        {
            if (_host.Find(name) is not DeclaredProbe probe) continue;
            if (probe.Readings is { Budget.IsLimited: true }) MeasureRunTimes();
            if (probe.Tick()) DeclaredLog.Sampling(_log, name, probe.Readings!.Budget.Ratio);
            SayAbsent(probe);
        }
    }

    /// <summary>What a scope names and is not there is told once; and so is that it has come.</summary>
    private void SayAbsent(DeclaredProbe probe)
    {
        string? absent = probe.Readings?.Sets.Absent, before = _absent.GetValueOrDefault(probe.Name);
        if (absent == before) return;
        if (absent is null)
        {
            _absent.Remove(probe.Name);
            DeclaredLog.ScopeComplete(_log, probe.Name);
            return;
        }

        _absent[probe.Name] = absent;
        DeclaredLog.ScopeAbsent(_log, probe.Name, absent);
    }

    /// <summary>Budgets need the kernel to measure, which it does for all programs while it is asked to.</summary>
    private void MeasureRunTimes()
    {
        if (_statistics is not null || _statisticsRefused) return;
        try
        {
            _statistics = BpfRunStatistics.Enable();
        }
        catch (BpfException e)
        {
            _statisticsRefused = true;
            DeclaredLog.NoBudgets(_log, e.Message);
        }
    }

    private DeclaredProbe Make(ProbeSource source, bool isReplacement) => new(source, _forge, _parts)
    {
        IsWanted = ProbeSelection.Wants(_configuration, source),
        IsReplacement = isReplacement,
    };

    private bool IsBuiltIn(string name) => _host.Find(name) is { Origin: Probe.BuiltIn };
}
