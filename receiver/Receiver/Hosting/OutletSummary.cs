namespace EbpfReceiver.Hosting;

/// <summary>What one outlet did with the items it was given.</summary>
/// <param name="Name">Its name in the configuration, such as <c>otlp</c>.</param>
/// <param name="Accepted">Items it took.</param>
/// <param name="Sent">Items that were delivered.</param>
/// <param name="Refused">Items that the other side refused.</param>
/// <param name="Failed">Items lost for a reason of our own.</param>
/// <param name="Dropped">Items it did not take because its queue was full.</param>
/// <param name="QueueSize">What waits or is on its way, in batches unless the queue counts something else.</param>
/// <param name="QueueCapacity">What the queue holds at most.</param>
/// <param name="LastError">The last error as a sentence; null if there was none.</param>
public sealed record OutletSummary(
    string Name,
    long Accepted,
    long Sent,
    long Refused,
    long Failed,
    long Dropped,
    long QueueSize,
    long QueueCapacity,
    string? LastError);
