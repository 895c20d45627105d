namespace EbpfReceiver.Otlp;

/// <summary>A batch that was taken from an <see cref="IBatchQueue"/>.</summary>
/// <param name="Batch">The batch; the queue's reference holds it until it is completed or abandoned.</param>
/// <param name="Place">Where the queue has it; nobody else's business.</param>
internal readonly record struct QueuedBatch(Batch Batch, long Place = 0);
