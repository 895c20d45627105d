using Microsoft.Extensions.Logging;

namespace EbpfReceiver.Otlp;

/// <summary>
/// The bounded queue of a push outlet and the tasks that empty it: each takes a batch, sends it, in parts if it is too large, and retries
/// it until it is delivered or dropped. Every batch ends in exactly one release, and every item in exactly one counter, or stays in a queue that
/// outlives the process.
/// </summary>
internal sealed class DeliveryQueue : IDisposable
{
    private readonly OtlpOutletOptions _options;
    private readonly OtlpRetryOptions _retry;
    private readonly ISender _sender;
    private readonly TimeProvider _time;
    private readonly IBatchQueue _queue;
    private readonly DeliveryReport _report;
    private readonly Throttle _throttle;
    private readonly CancellationTokenSource _hurry = new();
    private readonly CancellationTokenSource _giveUp = new();
    private Task _senders = Task.CompletedTask;
    private int _started;

    public DeliveryQueue(OtlpOutletOptions options, ISender sender, ILogger logger, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Queue.Consumers);
        _options = options;
        _sender = sender;
        _time = time;
        _throttle = new Throttle(time);
        QueueStorageOptions? storage = options.Queue.Storage;
        _retry = storage is null ? options.Retry : options.Retry with { MaxElapsedTime = options.Retry.MaxElapsedTime ?? TimeSpan.Zero };
        Statistics = new OutletStatistics(options.Queue.Enabled ? options.Queue.Size : options.Queue.Consumers)
        {
            Storage = storage is null ? null : new QueueStorageStatistics(storage.MaxBytes),
        };
        try
        {
            _queue = storage is null
                ? new MemoryBatchQueue(options.Queue, Statistics)
                : new StoredBatchQueue(options.Name, options.Queue, Statistics, logger, time);
        }
        catch
        {
            sender.Dispose();
            throw;
        }
        _report = new DeliveryReport(options, Statistics, logger);
    }

    public OutletStatistics Statistics { get; }

    public bool TryAccept(Batch batch) => _queue.TryOffer(batch);

    public Task StoredAsync(CancellationToken cancellationToken) => _queue.StoredAsync(cancellationToken);

    public void StopBlocking() => _queue.StopBlocking();

    public void Start()
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
            return;
        var senders = new Task[_options.Queue.Consumers];
        for (int i = 0; i < senders.Length; i++)
            senders[i] = Task.Run(RunAsync);
        _senders = Task.WhenAll(senders);
    }

    public async Task StopAsync(CancellationToken deadline)
    {
        _queue.Close();
        await _hurry.CancelAsync().ConfigureAwait(false);
        await using (deadline.UnsafeRegister(static queue => ((DeliveryQueue)queue!)._giveUp.Cancel(), this).ConfigureAwait(false))
        {
            await _senders.ConfigureAwait(false);
        }
        long abandoned = 0;
        _queue.AbandonWaiting(batch =>
        {
            abandoned++;
            Statistics.CountDropped(batch.Signal, DropCause.Expired, batch.Items);
        });
        _report.Abandoned(abandoned);
    }

    public void Dispose()
    {
        _queue.Dispose();
        _sender.Dispose();
        _hurry.Dispose();
        _giveUp.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_giveUp.IsCancellationRequested)
        {
            QueuedBatch? taken;
            try
            {
                taken = await _queue.TakeAsync(_giveUp.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            if (taken is not { } queued)
                return;
            await RunAsync(queued).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(QueuedBatch queued)
    {
        using var pieces = new BatchPieces(queued.Batch);
        string? unfinished = null;
        try
        {
            unfinished = await DeliverAsync(pieces).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_giveUp.IsCancellationRequested)
        {
            unfinished = "stopped before it was delivered";
        }
        catch (Exception e)
        {
            _report.Failed(queued.Batch.Signal, pieces.Items, e);
        }
        if (unfinished is null)
        {
            _queue.Complete(queued);
            return;
        }
        if (!_queue.Keeps(queued))
            _report.Dropped(queued.Batch.Signal, pieces.Items, DropCause.Expired, unfinished);
        _queue.Abandon(queued, pieces.Items);
    }

    /// <summary>Sends, cuts and retries a batch until all of its items are counted.</summary>
    /// <returns>Null; or, when the outlet is being stopped, why what is left is not delivered.</returns>
    private async Task<string?> DeliverAsync(BatchPieces pieces)
    {
        long began = _time.GetTimestamp();
        int attempts = 0;
        while (pieces.Next is { } piece)
        {
            if (piece.Length > _options.MaxRequestBytes)
            {
                Split(pieces, piece, $"a request may have {_options.MaxRequestBytes} bytes (max_request_size), and one item alone has more");
                continue;
            }
            await _throttle.WaitAsync(_hurry.Token).ConfigureAwait(false);
            bool last = _hurry.IsCancellationRequested;
            attempts++;
            Statistics.CountRequest();
            SendOutcome outcome = await _sender.SendAsync(piece, _giveUp.Token).ConfigureAwait(false);
            RetryDecision decision = RetryDecision.After(
                outcome, attempts, _time.GetElapsedTime(began), Random.Shared.NextDouble(), _retry);
            switch (decision.Action)
            {
                case RetryAction.Delivered:
                    _report.Delivered(piece, outcome);
                    pieces.Complete();
                    attempts = 0;
                    break;
                case RetryAction.Drop:
                    _report.Dropped(piece.Signal, piece.Items, decision.Cause, outcome.Describe());
                    pieces.Complete();
                    break;
                case RetryAction.Split:
                    Split(pieces, piece, outcome.Describe());
                    break;
                case RetryAction.Retry or RetryAction.Throttle when last:
                    return outcome.Describe();
                case RetryAction.Throttle:
                    _report.Retrying(piece, outcome);
                    _throttle.Hold(decision.Delay);
                    Statistics.CountRetry();
                    break;
                case RetryAction.Retry:
                    _report.Retrying(piece, outcome);
                    await WaitAsync(decision.Delay).ConfigureAwait(false);
                    Statistics.CountRetry();
                    break;
            }
        }
        return null;
    }

    private void Split(BatchPieces pieces, Batch piece, string reason)
    {
        if (pieces.TrySplit())
            return;
        _report.Dropped(piece.Signal, piece.Items, DropCause.TooLarge, reason);
        pieces.Complete();
    }

    /// <summary>Waits, or not any longer once the outlet is being stopped: then there is one more attempt.</summary>
    private async Task WaitAsync(TimeSpan delay) =>
        await Task.Delay(delay, _time, _hurry.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
