namespace EbpfReceiver.Otlp;

/// <summary>Options of <see cref="LiveOutlet"/>.</summary>
public sealed record LiveOutletOptions
{
    /// <summary>The name of the outlet in logs and metrics.</summary>
    public string Name { get; init; } = "live";

    /// <summary>Batches kept for each signal.</summary>
    public int MaxBatches { get; init; } = 256;

    /// <summary>Bytes of memory that the batches of each signal may take; the newest one is always kept.</summary>
    public long MaxBytes { get; init; } = 2 * 1024 * 1024;
}
