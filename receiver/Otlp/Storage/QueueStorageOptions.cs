namespace EbpfReceiver.Otlp;

/// <summary>Options of the queue on disk of a push outlet.</summary>
public sealed record QueueStorageOptions
{
    /// <summary>No smaller queue makes sense: a request may take 4 MiB, and room is regained by the segment.</summary>
    public const long LeastBytes = 16L * 1024 * 1024;

    /// <summary>The directory below which each outlet has one of its own, by its name.</summary>
    public required string Directory { get; init; }

    /// <summary>Bytes of files that the queue of one outlet may take.</summary>
    public long MaxBytes { get; init; } = 1024L * 1024 * 1024;

    /// <summary>What happens when that is reached.</summary>
    public FullPolicy WhenFull { get; init; }

    /// <summary>When the disk has to have what was written.</summary>
    public FsyncPolicy Fsync { get; init; }

    /// <summary>The longest time that what was written waits for the disk with <see cref="FsyncPolicy.Interval"/>.</summary>
    public TimeSpan FsyncInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Bytes a second at which batches are sent that have waited for longer than <see cref="ReplayPace.Fresh"/>; 0 for no limit. A limit
    /// below what comes in is never caught up with.
    /// </summary>
    public long ReplayRate { get; init; }

    /// <summary>
    /// Bytes of a segment: the unit in which room is regained. A sixteenth of the queue, so that evicting loses little, within what keeps
    /// both the number of files and the work of recovering small.
    /// </summary>
    internal long SegmentBytes
    {
        get => field > 0 ? field : Math.Clamp(MaxBytes / 16, 1024 * 1024, 16 * 1024 * 1024);
        init;
    }
}
