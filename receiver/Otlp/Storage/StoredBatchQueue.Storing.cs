namespace EbpfReceiver.Otlp;

// Waiting for the disk: whoever has to know that a batch is safe waits for the group that it is written with.
internal sealed partial class StoredBatchQueue
{
    /// <summary>Those who wait, by the number of batches that had been offered when they came, in this order.</summary>
    private readonly Queue<(long Offered, TaskCompletionSource Stored)> _waiters = [];
    private long _offered;
    private bool _ended;

    public Task StoredAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource stored;
        lock (_gate)
        {
            if (IsStored(_offered))
                return Task.CompletedTask;
            stored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Enqueue((_offered, stored));
        }
        return WaitAsync(stored.Task, cancellationToken);
    }

    /// <summary>A writer that is stuck tells nobody: whoever waits for it looks.</summary>
    private async Task WaitAsync(Task stored, CancellationToken cancellationToken)
    {
        while (true)
        {
            await stored.WaitAsync(s_lookAgain, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stored.IsCompleted)
                return;
            cancellationToken.ThrowIfCancellationRequested();
            lock (_gate)
                NoticeStuckWriter();
        }
    }

    /// <summary>
    /// Whether the first so many batches are stored, or the disk takes nothing and they stay in memory. Batches leave memory in the order
    /// they came while the disk is well. Called with the lock held.
    /// </summary>
    private bool IsStored(long offered) =>
        _offered - _staged.Count - _group.Count >= offered || _health.IsWritingFailing || _ended;

    /// <summary>Called with the lock held.</summary>
    private void WakeStored()
    {
        while (_waiters.TryPeek(out (long Offered, TaskCompletionSource Stored) first) && IsStored(first.Offered))
            _waiters.Dequeue().Stored.SetResult();
    }
}
