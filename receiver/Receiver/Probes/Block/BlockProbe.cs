using EbpfReceiver.Aggregates;

namespace EbpfReceiver.Probes.Block;

/// <summary>Requests to block devices.</summary>
/// <param name="aggregate">Its metrics.</param>
internal sealed class BlockProbe(BlockDeviceAggregate aggregate) : Probe
{
    /// <inheritdoc/>
    public override string Name => "block";

    /// <inheritdoc/>
    public override string Description => "Block I/O by device and direction: latency from issue to completion, bytes, operations and errors.";

    /// <inheritdoc/>
    public override IReadOnlyList<MapAggregate> Aggregates { get; } = [aggregate];
}
