namespace EbpfReceiver.Otlp;

/// <summary>
/// Keeps the most recent batches of each signal for those who pull, and hands new ones to those who subscribe. Any thread
/// may offer, read and subscribe.
/// </summary>
public sealed class LiveOutlet : IOutlet
{
    private readonly Lock _lock = new();
    private readonly LiveRing[] _rings = new LiveRing[Signals.Count];
    private readonly List<LiveSubscription> _subscriptions = [];
    private readonly LiveOutletOptions _options;
    private long _missed;
    private bool _stopped;

    /// <param name="options">Bounds; null for the defaults.</param>
    public LiveOutlet(LiveOutletOptions? options = null)
    {
        _options = options ?? new LiveOutletOptions();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_options.MaxBatches);
        for (int i = 0; i < _rings.Length; i++)
            _rings[i] = new LiveRing(_options.MaxBatches, _options.MaxBytes);
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public OutletStatistics Statistics { get; } = new();

    /// <summary>Items that subscribers, those that are gone included, were not given because they lagged.</summary>
    public long Missed => Interlocked.Read(ref _missed);

    /// <summary>The position after the newest batch: items of the signal that ever came by.</summary>
    public long Cursor(Signal signal)
    {
        lock (_lock)
            return _rings[(int)signal].Cursor;
    }

    /// <inheritdoc/>
    public bool TryAccept(Batch batch)
    {
        lock (_lock)
        {
            if (_stopped)
                return false;
            LiveRing ring = _rings[(int)batch.Signal];
            // Counted and offered before it is added: a ring of one batch may let it go again at once.
            Statistics.CountDelivered(batch.Signal, batch.Items, batch.Length);
            foreach (LiveSubscription subscription in _subscriptions)
                subscription.Offer(batch, ring.Cursor + batch.Items);
            ring.Add(batch);
            return true;
        }
    }

    /// <summary>
    /// The batches after a cursor, whole ones, until <paramref name="maxItems"/> would be passed; one at least, if there is one.
    /// </summary>
    /// <param name="signal">Which signal.</param>
    /// <param name="afterCursor">The <see cref="LiveReading.NextCursor"/> of the last reading; 0 for all that is kept.</param>
    /// <param name="maxItems">Items to return at most.</param>
    public LiveReading Read(Signal signal, long afterCursor, int maxItems)
    {
        lock (_lock)
            return _rings[(int)signal].Read(afterCursor, maxItems);
    }

    /// <summary>Subscribes to the batches to come.</summary>
    /// <param name="signals">Which signals.</param>
    /// <param name="capacity">Batches that may wait for the reader; further ones are missed and counted.</param>
    public LiveSubscription Subscribe(ReadOnlySpan<Signal> signals, int capacity = 64)
    {
        var subscription = new LiveSubscription(this, signals, capacity);
        lock (_lock)
        {
            if (_stopped)
                subscription.End();
            else
                _subscriptions.Add(subscription);
        }
        return subscription;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends all subscriptions and lets the batches go.</summary>
    public Task StopAsync(CancellationToken deadline)
    {
        lock (_lock)
        {
            _stopped = true;
            foreach (LiveSubscription subscription in _subscriptions)
                subscription.End();
            _subscriptions.Clear();
            foreach (LiveRing ring in _rings)
                ring.Clear();
        }
        return Task.CompletedTask;
    }

    internal void CountMissed(int items) => Interlocked.Add(ref _missed, items);

    internal void Unsubscribe(LiveSubscription subscription)
    {
        lock (_lock)
            _subscriptions.Remove(subscription);
    }
}
