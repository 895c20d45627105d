namespace EbpfReceiver.Otlp;

/// <summary>What all code that counts by cause needs to know.</summary>
public static class DropCauses
{
    /// <summary>The number of causes; <see cref="DropCause"/> values are below it.</summary>
    public const int Count = 8;

    /// <summary>
    /// The cause as an attribute value: queue_full, rejected, not_retryable, too_large, expired, failed, evicted, corrupted.
    /// </summary>
    public static string NameOf(DropCause cause) => cause switch
    {
        DropCause.QueueFull => "queue_full",
        DropCause.Rejected => "rejected",
        DropCause.NotRetryable => "not_retryable",
        DropCause.TooLarge => "too_large",
        DropCause.Expired => "expired",
        DropCause.Failed => "failed",
        DropCause.Evicted => "evicted",
        DropCause.Corrupted => "corrupted",
        _ => throw new ArgumentOutOfRangeException(nameof(cause), cause, null),
    };
}
