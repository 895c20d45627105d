namespace EbpfReceiver.Otlp;

/// <summary>One way out for batches: a push exporter, a file, the live ring, the metrics page, a console.</summary>
public interface IOutlet
{
    /// <summary>The name by which the outlet is known in logs and metrics, such as <c>otlp</c>.</summary>
    string Name { get; }

    /// <summary>What became of the items offered so far.</summary>
    OutletStatistics Statistics { get; }

    /// <summary>Whether batches of this signal are offered at all; constant for the life of the outlet.</summary>
    bool Takes(Signal signal) => true;

    /// <summary>
    /// Offers a batch; never throws, and never blocks unless the outlet was told to wait for room. On true the outlet owns the reference that the caller took for it
    /// and releases it when done; on false (its queue is full) the caller keeps the reference and counts the loss.
    /// </summary>
    bool TryAccept(Batch batch);

    /// <summary>
    /// Waits until all that was accepted before is stored where the end of the process does not reach it: in a queue on disk, by its fsync
    /// policy. An outlet that has none, or whose disk takes nothing now, has nothing to wait for.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task StoredAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>From now on no offer waits for room: the receiver is about to stop.</summary>
    void StopBlocking()
    {
    }

    /// <summary>Begins to deliver. Batches may be offered before.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Delivers what is queued and stops; what is not delivered when <paramref name="deadline"/> is cancelled is
    /// counted as <see cref="DropCause.Expired"/>, or stays on disk. Does not throw for the deadline.
    /// </summary>
    Task StopAsync(CancellationToken deadline);
}
