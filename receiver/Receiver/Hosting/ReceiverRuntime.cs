using System.Diagnostics;
using EbpfReceiver.Aggregates;
using EbpfReceiver.Bpf;
using EbpfReceiver.Configuration;
using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;
using EbpfReceiver.ProbeLanguage;
using EbpfReceiver.Probes;
using EbpfReceiver.Probes.Declared;
using EbpfReceiver.Probes.Libraries;
using EbpfReceiver.Samples;
using EbpfReceiver.Services;
using EbpfReceiver.Supervision;

namespace EbpfReceiver.Hosting;

/// <summary>
/// The receiver at work: probes, the reader of their samples, identity, and the way to the outlets. Started once, stopped once.
/// </summary>
public sealed class ReceiverRuntime : IReceiverStatistics, IAsyncDisposable
{
    internal const string BatcherStage = "batcher";

    /// <summary>Of the budget, what detaching may take.</summary>
    private const double DetachShare = 0.5;

    /// <summary>Of the budget, what is kept for giving things back after the outlets were waited for.</summary>
    private const double Reserve = 0.1;

    private static readonly string Version = typeof(ReceiverRuntime).Assembly.GetName().Version?.ToString(3) ?? "";

    private static readonly int PageSize = Environment.SystemPageSize;

    private readonly ILogger _log;
    private readonly KernelClock _clock = new();
    private readonly ProcFiles _files = new();
    private readonly IdentityTable _identity;
    private readonly ProcessResources _resources;
    private readonly ItemStream _items;
    private readonly SampleRouter _router;
    private readonly LibraryWatcher _watcher;
    private readonly MapCollector _collector;
    private readonly ProbeHost _probes;
    private readonly DeclaredProbes _declared;
    private readonly ReaderThread _readerThread = new();
    private readonly TaskCompletionSource _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DateTimeOffset _startedAt = DateTimeOffset.UtcNow;
    private readonly EncodedResource _self;
    private ReceiverConfiguration _configuration;
    private SampleReader? _reader;
    private SampleAccounting? _accounting;
    private OwnTelemetry? _own;
    private Task<BtfTypes?>? _kernelTypes;
    private int _stopped;

    /// <summary>Joins the parts; nothing is attached yet.</summary>
    /// <param name="configuration">What is to run.</param>
    /// <param name="outlets">Where telemetry goes; started and stopped with the receiver.</param>
    /// <param name="loggers">The receiver's log.</param>
    public ReceiverRuntime(ReceiverConfiguration configuration, IReadOnlyList<IOutlet> outlets, ILoggerFactory loggers)
    {
        _configuration = configuration;
        _log = loggers.CreateLogger("EbpfReceiver");
        Fanout = new Fanout(outlets);
        Memory = new MemoryGuard((long?)configuration.MemoryLimitMib << 20, _log);
        _resources = new ProcessResources(HostIdentity.Read(), new UserNames(), _clock, configuration.Resource.Attributes);
        _identity = new IdentityTable(_files, _resources, new ProcessFilter(configuration.Processes, Environment.ProcessId));
        Peers = new PeerIdentity(_files, _identity);
        _items = new ItemStream(_identity, _clock, Fanout.Publish, Memory);
        _router = new SampleRouter(OnPass);
        _watcher = new LibraryWatcher(_files, loggers.CreateLogger("EbpfReceiver.Libraries"));
        Temporality temporality = configuration.Metrics.Temporality == MetricTemporality.Delta ? Temporality.Delta : Temporality.Cumulative;
        _collector = new MapCollector(
            new MetricsWriter(temporality, Fanout.Publish), _identity, _clock, configuration.Metrics.Interval)
        {
            Failed = e => ReceiverLog.CollectionFailed(_log, e.Message),
            CatchUp = limit => _reader?.WaitForPass(limit),
        };
        IReadOnlyList<Probe> probes =
            ProbeCatalogue.Create(configuration.Probes.Settings, _identity, _files, _items, _router, _watcher, _clock);
        ILogger probeLog = loggers.CreateLogger("EbpfReceiver.Probes");
        _probes = new ProbeHost(probes, configuration.Probes, _collector, _watcher, _clock, probeLog);
        var events = new DeclaredEvents(_identity, _items.Declared);
        _router.Route(SampleKind.Declared, events);
        var forge = new ProbeForge(() => new RunningMachine(KernelTypes.Of(_log)));
        var parts = new DeclaredParts(_identity, _clock, events, Version) { Redacts = configuration.Probes.Redact };
        _declared = new DeclaredProbes(configuration.Probes, _probes, forge, parts, probeLog);
        Probes = new ProbeDirectory(_probes, _declared);
        _self = DescribeSelf();
        Watchdog = new ReaderWatchdog(
            () => _reader?.Statistics.Passes, _readerThread.Describe, configuration.Receiver.Watchdog, _log, TimeProvider.System);
    }

    /// <summary>Where batches go, those of others too.</summary>
    public Fanout Fanout { get; }

    /// <summary>What arrived at the OTLP services.</summary>
    public EndpointStatistics Endpoint { get; } = new();

    /// <summary>Watches the memory limit.</summary>
    public MemoryGuard Memory { get; }

    /// <summary>The probes.</summary>
    public IProbeDirectory Probes { get; }

    /// <summary>Who is at the other end of a local connection.</summary>
    public IPeerIdentity Peers { get; }

    /// <summary>True once probes really run, and as long as their samples are read.</summary>
    public bool IsReady => _reader is { Failure: null } && _probes.RunningCount > 0;

    /// <summary>Stopping takes no longer: what is not delivered by then is counted and let go.</summary>
    public TimeSpan StopTimeout => _configuration.Receiver.StopTimeout;

    /// <summary>Looks whether samples are read; somebody has to let it.</summary>
    internal ReaderWatchdog Watchdog { get; }

    /// <summary>Ends with an exception when the receiver can't go on: the thread that reads the samples has failed.</summary>
    public Task Failure => _failure.Task;

    /// <summary>
    /// Begins what attaching waits for first, in the background: the kernel's types are read and indexed. Changes nothing in the kernel.
    /// </summary>
    public void Prepare() => _kernelTypes ??= Task.Run(ReadKernelTypes);

    /// <summary>
    /// Starts the outlets, attaches the probes and begins to read. Probes that can't be attached don't hold up the others.
    /// </summary>
    /// <exception cref="BpfException">Nothing can run at all: no maps, no sample buffer; the message says why.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Memory.Start();
        foreach (IOutlet outlet in Fanout.Outlets) await outlet.StartAsync(cancellationToken).ConfigureAwait(false);
        await Task.Run(Attach, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Detaches everything, sends what there is, and stops the outlets, within <see cref="StopTimeout"/>. May be called again.
    /// </summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0) return;
        long began = Stopwatch.GetTimestamp();
        foreach (IOutlet outlet in Fanout.Outlets) outlet.StopBlocking();
        await _declared.StopAsync().ConfigureAwait(false);
        await _collector.StopAsync().ConfigureAwait(false);
        // What is still attached when the reader stops can't put samples out any more, and counts them.
        if (!await EndsAsync(_probes.DetachAll, StopTimeout * DetachShare).ConfigureAwait(false)) ReceiverLog.DetachingIsSlow(_log);
        // Its thread may hang, and then takes with it what is in the sample buffers; what was read before still goes out.
        if (!await EndsAsync(ReadRestAndFlush, StopTimeout - Stopwatch.GetElapsedTime(began)).ConfigureAwait(false))
            ReceiverLog.ReaderHangs(_log, _readerThread.Describe());

        TimeSpan left = StopTimeout * (1 - Reserve) - Stopwatch.GetElapsedTime(began);
        await StopOutletsAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero).ConfigureAwait(false);
        ReceiverLog.Stopped(_log, (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    /// <summary>Sends what was read, for a receiver whose reader hangs: probes stay as they are until the process is gone.</summary>
    public async Task AbandonAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0) return;
        await StopOutletsAsync(StopTimeout).ConfigureAwait(false);
    }

    /// <summary>
    /// Takes over what has changed in the configuration and can be changed while the receiver runs, besides the outlets. What has not
    /// changed goes on counting without a gap.
    /// </summary>
    /// <param name="next">The configuration.</param>
    /// <param name="changed">Paths of the keys that differ.</param>
    internal void Configure(ReceiverConfiguration next, IReadOnlyCollection<string> changed)
    {
        bool Changed(params ReadOnlySpan<string> sections)
        {
            foreach (string path in changed)
            {
                if (ConfigurationReload.IsIn(path, sections)) return true;
            }

            return false;
        }

        if (Changed("metrics.interval")) _collector.Interval = next.Metrics.Interval;
        ProbesConfiguration now = _configuration.Probes;
        _configuration = next with
        {
            Probes = next.Probes with { Attach = now.Attach, MapEntries = now.MapEntries, SampleBuffer = now.SampleBuffer },
        };
        if (Changed("resource", "processes"))
        {
            _resources.Configure(next.Resource.Attributes);
            _identity.Configure(new ProcessFilter(next.Processes, Environment.ProcessId));
            _self.Become(DescribeSelf());
        }

        if (!Changed("probes")) return;
        ProbeSettings settings = next.Probes.Settings;
        var remade = new List<Probe>();
        if (Changed("probes.settings.process")) _probes.Configure(settings.Process);
        if (Changed("probes.settings.tcp")) remade.Add(ProbeCatalogue.CreateTcp(settings.Tcp, _identity, _items, _router, _clock));
        if (Changed("probes.settings.dns")) remade.Add(ProbeCatalogue.CreateDns(settings.Dns, _identity, _items, _router, _clock));
        if (Changed("probes.settings.tls")) remade.Add(ProbeCatalogue.CreateTls(settings.Tls, _identity));
        _probes.Configure(_configuration.Probes, remade);
        _declared.Configure(_configuration.Probes);
    }

    /// <inheritdoc/>
    public ReceiverStatistics Snapshot()
    {
        IReadOnlyList<SampleStatistics> samples = _accounting?.Snapshot() ?? [];
        long published = 0;
        for (int signal = 0; signal < Signals.Count; signal++) published += Fanout.Published((Signal)signal);
        Environment.ProcessCpuUsage cpu = Environment.CpuUsage;
        return new ReceiverStatistics
        {
            StartedAt = _startedAt,
            Samples = samples,
            Dropped = Drops(samples),
            ItemsPublished = published,
            Outlets = [.. Fanout.Accounts.Select(OutletSummaries.Of)],
            ProcessesKnown = _identity.Count,
            IdentityMisses = _identity.Misses,
            ReaderStalls = Watchdog.Stalls,
            ClockSteps = _clock.Steps,
            SpansReversed = _clock.Reversed,
            ResidentBytes = Environment.WorkingSet,
            CpuTime = cpu.TotalTime,
        };
    }

    /// <inheritdoc/>
    public IReadOnlyList<OwnMeasurement> Measurements()
    {
        lock (_collector.Gate) return _own?.Read() ?? [];
    }

    /// <summary>Collects metrics now, besides the interval.</summary>
    public void CollectNow() => _collector.CollectNow();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        Memory.Dispose();
        _watcher.Dispose();
        _declared.Dispose();
        _reader?.Dispose();
        _probes.Dispose();
        _items.Dispose();
        _collector.Dispose();
    }

    private void Attach()
    {
        long began = Stopwatch.GetTimestamp();
        Prepare();
        _declared.Load();
        BtfTypes? types = _kernelTypes!.GetAwaiter().GetResult();
        _probes.AttachFirst(StartReader);

        // From here on samples tell what changes; what was there before is read now.
        Task scan = Task.Run(_identity.Scan);
        _own = CreateOwnTelemetry();
        _collector.Own = _own.Collect;
        _probes.AttachRest();
        scan.GetAwaiter().GetResult();
        _watcher.Start();
        _collector.Start();
        _declared.Start();

        // Kept for all probes; from here on nobody needs them.
        GC.KeepAlive(types);
        _kernelTypes = null;
        ReceiverLog.Started(_log, (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds, _probes.RunningCount);
    }

    private BtfTypes? ReadKernelTypes()
    {
        BtfTypes? types = KernelTypes.Of(_log);
        // The first look-up makes the index of names.
        types?.TryFind("task_struct", BtfKind.Struct, out _);
        return types;
    }

    private void StartReader()
    {
        _accounting = new SampleAccounting(_router, _probes.SharedMap(ProbeHost.CountersMap));
        SampleBufferConfiguration buffer = _configuration.Probes.SampleBuffer;
        _reader = new SampleReader(_probes.SharedMap(ProbeHost.SamplesMap), _router, new SampleReaderOptions
        {
            PagesPerCpu = (int)Math.Max(1, buffer.SizePerCpu / PageSize),
            DrainInterval = buffer.DrainInterval,
        });
        _reader.Failed += OnReaderFailed;
        _reader.Start();
    }

    private OwnTelemetry CreateOwnTelemetry()
    {
        ulong start = _clock.ToUnix(_clock.Now);
        return new OwnTelemetry(_self, this, Fanout, Endpoint, _probes, () => _reader?.Statistics ?? default, _readerThread, start, Version);
    }

    private EncodedResource DescribeSelf()
    {
        _files.TryDescribe(Environment.ProcessId, out ProcessDescription? self);
        self ??= new ProcessDescription { Pid = Environment.ProcessId, ExecutableName = "ebpf-receiver" };
        return _resources.OfReceiver(self, _configuration.Resource.ServiceName, Version);
    }

    private async Task StopOutletsAsync(TimeSpan limit)
    {
        using var deadline = new CancellationTokenSource(limit);
        await Task.WhenAll(Fanout.Outlets.Select(o => o.StopAsync(deadline.Token))).ConfigureAwait(false);
    }

    private static async Task<bool> EndsAsync(Action work, TimeSpan limit)
    {
        try
        {
            await Task.Run(work).WaitAsync(limit > TimeSpan.Zero ? limit : TimeSpan.Zero).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void ReadRestAndFlush()
    {
        _reader?.Stop();
        if (_reader?.Failure is null) _items.Flush();
        _collector.CollectNow();
    }

    private void OnPass()
    {
        _readerThread.Introduce();
        _items.OnPass();
    }

    private void OnReaderFailed(Exception reason)
    {
        ReceiverLog.ReaderFailed(_log, reason);
        _failure.TrySetException(reason);
    }

    private List<DropStatistics> Drops(IReadOnlyList<SampleStatistics> samples)
    {
        var drops = new List<DropStatistics>();
        foreach (DropStatistics d in samples.SelectMany(s => s.Dropped))
        {
            int at = drops.FindIndex(x => x.Stage == d.Stage && x.Cause == d.Cause);
            if (at < 0) drops.Add(d);
            else drops[at] = d with { Count = drops[at].Count + d.Count };
        }

        drops.Add(new DropStatistics("kernel", "missed", _probes.List().Sum(p => p.Missed)));
        drops.Add(new DropStatistics(BatcherStage, "oversized", _items.Oversized));
        drops.Add(new DropStatistics(BatcherStage, "memory", _items.Shed));
        drops.AddRange(Fanout.Accounts.SelectMany(OutletSummaries.DropsOf));
        return drops;
    }
}
