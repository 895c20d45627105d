namespace EbpfReceiver.Otlp;

/// <summary>What <see cref="LiveOutlet.Read"/> found. Disposing it releases the batches.</summary>
/// <param name="Batches">The batches, oldest first.</param>
/// <param name="NextCursor">What to read on from.</param>
/// <param name="Missed">Items after the given cursor that had left the ring before they were read.</param>
public sealed record LiveReading(IReadOnlyList<Batch> Batches, long NextCursor, long Missed) : IDisposable
{
    private int _disposed;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        foreach (Batch batch in Batches)
            batch.Release();
    }
}
