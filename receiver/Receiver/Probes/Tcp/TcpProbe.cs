using EbpfReceiver.Aggregates;
using EbpfReceiver.Bpf;
using EbpfReceiver.Configuration;
using EbpfReceiver.Samples;

namespace EbpfReceiver.Probes.Tcp;

/// <summary>TCP connections of both sides.</summary>
/// <param name="settings">What the configuration says.</param>
/// <param name="decoder">Makes the spans.</param>
/// <param name="aggregates">Its metrics.</param>
internal sealed class TcpProbe(TcpProbeSettings settings, TcpConnectionDecoder decoder, IReadOnlyList<MapAggregate> aggregates) : Probe
{
    /// <inheritdoc/>
    public override string Name => "tcp";

    /// <inheritdoc/>
    public override string Description => "TCP connections: who connects to whom, bytes, round-trip times, retransmissions, resets and failures.";

    /// <summary>Without these there are still spans and totals.</summary>
    public override IReadOnlyList<string> OptionalHooks => ["accept", "read", "segment", "retransmit", "reset_sent", "reset_received"];

    /// <inheritdoc/>
    public override IReadOnlyList<MapAggregate> Aggregates => aggregates;

    /// <inheritdoc/>
    public override void Configure(BpfObjectSpec spec) => spec.SetConstant("spans", settings.Spans);

    /// <inheritdoc/>
    public override void OnAttached(AttachedProbe attached, ulong monotonic, ulong unix) => decoder.Since = monotonic;
}
