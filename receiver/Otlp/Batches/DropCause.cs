namespace EbpfReceiver.Otlp;

/// <summary>Why an outlet did not deliver an item.</summary>
public enum DropCause : byte
{
    /// <summary>The outlet's queue was full.</summary>
    QueueFull,

    /// <summary>The other side took the request and rejected some of its items (partial success).</summary>
    Rejected,

    /// <summary>The other side refused the request for a reason that does not pass.</summary>
    NotRetryable,

    /// <summary>One item alone is larger than a request may be, by our limit or by the other side's.</summary>
    TooLarge,

    /// <summary>It was retried for as long as is allowed, or the outlet was stopped first.</summary>
    Expired,

    /// <summary>Our own fault or the machine's: an unexpected error, a full disk, malformed bytes.</summary>
    Failed,

    /// <summary>It was the oldest in a queue on disk that was full.</summary>
    Evicted,

    /// <summary>It was in a queue on disk and is not what was written.</summary>
    Corrupted,
}
