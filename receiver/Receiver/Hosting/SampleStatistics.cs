namespace EbpfReceiver.Hosting;

/// <summary>
/// Samples of one kind on their way from the kernel: <c>Produced = Delivered + sum(Dropped)</c> once the buffers are drained.
/// </summary>
/// <param name="Kind">The kind of sample, such as <c>tcp_connection</c>.</param>
/// <param name="Produced">Samples that the kernel side was to send.</param>
/// <param name="Delivered">Samples that were decoded and used.</param>
/// <param name="Dropped">The others, by cause.</param>
/// <param name="LostBeforeSample">Events that never became a sample because a map that keeps state was full; not part of the sum.</param>
/// <param name="Overflowed">Events that were counted in the overflow series because the map of aggregates was full; nothing is lost.</param>
public sealed record SampleStatistics(
    string Kind,
    long Produced,
    long Delivered,
    IReadOnlyList<DropStatistics> Dropped,
    long LostBeforeSample,
    long Overflowed);
