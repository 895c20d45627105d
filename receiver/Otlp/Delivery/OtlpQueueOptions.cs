namespace EbpfReceiver.Otlp;

/// <summary>
/// What waits while requests are under way; names and defaults are those of the Collector's exporter helper, but for
/// <see cref="MaxBytes"/>, which it has not.
/// </summary>
public sealed record OtlpQueueOptions
{
    /// <summary>Without a queue nothing waits: there are as many batches as <see cref="Consumers"/>, and the next one is refused.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What may wait or be under way, in what <see cref="Sizer"/> counts.</summary>
    public long Size { get; init; } = 1000;

    /// <summary>The unit of <see cref="Size"/>.</summary>
    public QueueSizer Sizer { get; init; }

    /// <summary>Bytes of memory that may wait or be under way, whatever <see cref="Sizer"/> counts.</summary>
    public long MaxBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Requests under way at one time. One keeps the order of batches.</summary>
    public int Consumers { get; init; } = 10;

    /// <summary>
    /// Lets whoever offers a batch wait for room. Nothing is dropped here then, but all that comes behind waits as well: other outlets,
    /// and the reader of samples, so that the kernel's buffers fill up.
    /// </summary>
    public bool BlockOnOverflow { get; init; }

    /// <summary>The queue on disk that batches go through; null for a queue in memory alone.</summary>
    public QueueStorageOptions? Storage { get; init; }
}
