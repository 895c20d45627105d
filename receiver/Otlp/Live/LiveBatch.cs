namespace EbpfReceiver.Otlp;

/// <summary>A batch from the live ring, with the reference that the reader got; the reader releases it.</summary>
/// <param name="Batch">The request. Call <see cref="Otlp.Batch.Release"/> when done.</param>
/// <param name="Cursor">The position after the batch: what to read on from.</param>
/// <param name="Missed">Items that the reader missed directly before this batch because it lagged.</param>
public readonly record struct LiveBatch(Batch Batch, long Cursor, long Missed);
