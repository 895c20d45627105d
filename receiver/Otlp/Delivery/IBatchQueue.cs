namespace EbpfReceiver.Otlp;

/// <summary>
/// The batches of one push outlet, in the order they came: those that wait and those under way. It is bounded; whatever it holds is
/// counted in <see cref="OutletStatistics.Queued"/> by the queue itself. Any thread may call, several may take at one time.
/// </summary>
internal interface IBatchQueue : IDisposable
{
    /// <summary>
    /// Offers a batch, and waits for room if it was told to (<see cref="OtlpQueueOptions.BlockOnOverflow"/>); never throws. On true the
    /// queue owns the caller's reference; on false (it is full or closed) the caller keeps it and counts the loss.
    /// </summary>
    bool TryOffer(Batch batch);

    /// <inheritdoc cref="IOutlet.StoredAsync"/>
    Task StoredAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Waits for the next batch. Whoever takes one ends it by <see cref="Complete"/> or <see cref="Abandon"/>, until when it takes its room.
    /// </summary>
    /// <returns>Null once the queue is closed and empty.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<QueuedBatch?> TakeAsync(CancellationToken cancellationToken);

    /// <summary>The batch was delivered, or dropped and counted: it is released and never seen again.</summary>
    void Complete(in QueuedBatch queued);

    /// <summary>Whether a batch that is abandoned is there at the next start; if not, it is lost, and the caller counts it first.</summary>
    bool Keeps(in QueuedBatch queued);

    /// <summary>The outlet stops before the batch was delivered; it is released.</summary>
    /// <param name="queued">The batch.</param>
    /// <param name="items">Those of its items that are not counted as delivered or dropped.</param>
    void Abandon(in QueuedBatch queued, int items);

    /// <summary>From now on no offer waits for room.</summary>
    void StopBlocking();

    /// <summary>Refuses what is offered from now on; what waits can still be taken.</summary>
    void Close();

    /// <summary>Empties a closed queue at the end of a stop.</summary>
    /// <param name="lost">Counts a batch that the queue does not have for the next start; it is released afterwards.</param>
    void AbandonWaiting(Action<Batch> lost);
}
