using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;
using EbpfReceiver.Probes;
using EbpfReceiver.Samples;

namespace EbpfReceiver.Aggregates;

/// <summary>Reads the aggregates of all attached probes at an interval and writes them as metrics.</summary>
internal sealed class MapCollector : IDisposable
{
    private static readonly TimeSpan ProcessCheckInterval = TimeSpan.FromMinutes(1);

    /// <summary>Whoever looks at the metrics page right after the start finds something on it.</summary>
    private static readonly TimeSpan FirstCollection = TimeSpan.FromSeconds(1);

    /// <summary>A reader of samples that hangs is somebody else's business: metrics go on without it.</summary>
    private static readonly TimeSpan CatchUpLimit = TimeSpan.FromSeconds(1);

    private readonly MetricsWriter _writer;
    private readonly IdentityTable _identity;
    private readonly KernelClock _clock;
    private readonly Lock _gate = new();
    private readonly List<Probe> _probes = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly PeriodicTimer _timer;
    private TimeSpan _interval;
    private ulong _previous;
    private long _checkedAt = Environment.TickCount64;
    private Task _loop = Task.CompletedTask;

    /// <param name="writer">Takes the points.</param>
    /// <param name="identity">Gives the resources, and is kept tidy.</param>
    /// <param name="clock">Tells the time of points.</param>
    /// <param name="interval">How often.</param>
    public MapCollector(MetricsWriter writer, IdentityTable identity, KernelClock clock, TimeSpan interval)
    {
        _writer = writer;
        _identity = identity;
        _clock = clock;
        _interval = interval;
        _timer = new PeriodicTimer(interval < FirstCollection ? interval : FirstCollection);
        _previous = Now;
    }

    /// <summary>Writes what the receiver says of itself, at each interval.</summary>
    public Action<Collection>? Own { get; set; }

    /// <summary>
    /// Waits until the samples that were made before the call are read, so that whatever the maps' values come from is known by its present
    /// name; no longer than the time it is given. Null: nothing is waited for.
    /// </summary>
    public Action<TimeSpan>? CatchUp { get; set; }

    /// <summary>Raised when a collection fails; the next one is tried all the same.</summary>
    public Action<Exception>? Failed { get; set; }

    /// <summary>How often metrics are collected; a change holds from now on, and the next collection is one interval away.</summary>
    public TimeSpan Interval
    {
        get => _interval;
        set => _timer.Period = _interval = value;
    }

    /// <summary>Held while metrics are collected and while the set of probes changes: the two ask each other for their state.</summary>
    public Lock Gate => _gate;

    private ulong Now => _clock.ToUnix(_clock.Now);

    /// <summary>Begins to collect.</summary>
    public void Start() => _loop = Task.Run(LoopAsync);

    /// <summary>A probe is attached: its maps are there.</summary>
    public void Add(Probe probe)
    {
        lock (_gate) _probes.Add(probe);
    }

    /// <summary>A probe is about to go: its last values are sent.</summary>
    public void Remove(Probe probe)
    {
        lock (_gate)
        {
            if (!_probes.Remove(probe)) return;
            Collect([probe], own: false);
        }
    }

    /// <summary>Collects everything now.</summary>
    public void CollectNow()
    {
        lock (_gate)
        {
            _previous = Collect(_probes, own: true);
        }
    }

    /// <summary>Ends the interval; values that came since the last one are not sent.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        _timer.Dispose();
        _writer.Dispose();
    }

    private async Task LoopAsync()
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
            {
                _timer.Period = _interval;
                try
                {
                    CollectNow();
                    Tidy();
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    Failed?.Invoke(e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private void Tidy()
    {
        bool checkAll = Environment.TickCount64 - _checkedAt >= ProcessCheckInterval.TotalMilliseconds;
        if (checkAll) _checkedAt = Environment.TickCount64;
        _identity.Sweep(checkAll);
    }

    /// <summary>
    /// The kernel tells of an exec before the new program counts anything. So values first, then the samples from before, then the names.
    /// </summary>
    /// <returns>When the values were read; Unix ns.</returns>
    private ulong Collect(List<Probe> probes, bool own)
    {
        _clock.Measure();
        var collection = new Collection(_writer, Now, _previous);
        foreach (Probe probe in probes)
        {
            foreach (MapAggregate aggregate in probe.Aggregates) aggregate.Read(collection);
            probe.Read(collection);
        }

        CatchUp?.Invoke(CatchUpLimit);
        foreach (Probe probe in probes)
        {
            foreach (MapAggregate aggregate in probe.Aggregates) aggregate.Write(collection);
            probe.Write(collection);
        }

        if (own) Own?.Invoke(collection);
        _writer.Flush();
        return collection.Now;
    }
}
