namespace EbpfReceiver.Otlp;

/// <summary>When what was written is forced from the kernel's memory to the disk. A killed process loses nothing either way.</summary>
public enum FsyncPolicy : byte
{
    /// <summary>
    /// At most <see cref="QueueStorageOptions.FsyncInterval"/> after it was written: so much is lost when the power fails.
    /// </summary>
    Interval,

    /// <summary>Before a batch counts as stored. What comes meanwhile shares the next call.</summary>
    Always,

    /// <summary>When the kernel sees fit; a power failure may lose the last half minute.</summary>
    Never,
}
