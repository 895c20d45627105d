namespace EbpfReceiver.Otlp;

/// <summary>Options of <see cref="FileOutlet"/>.</summary>
public sealed record FileOutletOptions
{
    /// <summary>The name of the outlet in logs and metrics.</summary>
    public string Name { get; init; } = "file";

    /// <summary>The file; it is created when it does not exist, and appended to when it does.</summary>
    public required string Path { get; init; }

    /// <summary>Lines reach the disk's cache at least this often.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Batches that may wait.</summary>
    public int QueueSize { get; init; } = 256;

    /// <summary>After a failed write, how long before the file is opened again; what comes meanwhile is dropped and counted.</summary>
    public TimeSpan ReopenDelay { get; init; } = TimeSpan.FromSeconds(5);
}
