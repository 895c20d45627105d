using System.Threading.Channels;

namespace EbpfReceiver.Otlp;

/// <summary>
/// A bounded stream of batches as they come. A subscriber that lags does not slow anything down: what does not fit is
/// left out, and the next batch tells how many items were missed before it. One reader at a time.
/// </summary>
public sealed class LiveSubscription : IDisposable
{
    private readonly LiveOutlet _outlet;
    private readonly Channel<LiveBatch> _queue;
    private readonly bool[] _signals = new bool[Signals.Count];
    private long _missed;
    private long _missedInAll;

    internal LiveSubscription(LiveOutlet outlet, ReadOnlySpan<Signal> signals, int capacity)
    {
        _outlet = outlet;
        _queue = Channel.CreateBounded<LiveBatch>(new BoundedChannelOptions(capacity));
        foreach (Signal signal in signals)
            _signals[(int)signal] = true;
    }

    /// <summary>Items left out so far because the reader lagged.</summary>
    public long Missed => Interlocked.Read(ref _missedInAll);

    /// <summary>
    /// Waits for the next batch; the caller releases it. Null when the outlet was stopped or the subscription disposed.
    /// </summary>
    public async ValueTask<LiveBatch?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await _queue.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_queue.Reader.TryRead(out LiveBatch batch))
                return batch;
        }
        return null;
    }

    /// <summary>Takes the next batch if there is one; the caller releases it.</summary>
    public bool TryRead(out LiveBatch batch) => _queue.Reader.TryRead(out batch);

    /// <summary>Ends the subscription.</summary>
    public void Dispose()
    {
        _outlet.Unsubscribe(this);
        End();
        while (_queue.Reader.TryRead(out LiveBatch batch))
            batch.Batch.Release();
    }

    internal void End() => _queue.Writer.TryComplete();

    /// <summary>Called under the outlet's lock.</summary>
    internal void Offer(Batch batch, long cursor)
    {
        if (!_signals[(int)batch.Signal])
            return;
        if (_queue.Writer.TryWrite(new LiveBatch(batch.Retain(), cursor, _missed)))
        {
            _missed = 0;
            return;
        }
        batch.Release();
        _missed += batch.Items;
        Interlocked.Add(ref _missedInAll, batch.Items);
        _outlet.CountMissed(batch.Items);
    }
}
