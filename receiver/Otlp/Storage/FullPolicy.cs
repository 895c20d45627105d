namespace EbpfReceiver.Otlp;

/// <summary>What becomes of a batch when the queue on disk has reached its size.</summary>
public enum FullPolicy : byte
{
    /// <summary>The oldest segment makes room; its batches are counted as <see cref="DropCause.Evicted"/>.</summary>
    DropOldest,

    /// <summary>It waits in memory until there is room, and is refused when there is none left either.</summary>
    Refuse,
}
