using EbpfReceiver.Hosting;
using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;
using EbpfReceiver.Probes;

namespace EbpfReceiver.Services;

/// <summary>The parts of a receiver that its services talk to.</summary>
/// <param name="Fanout">Where telemetry goes that arrives at the OTLP services.</param>
/// <param name="Live">Where Pull and Tail take telemetry from; it must be one of the fanout's outlets.</param>
/// <param name="Probes">The probes.</param>
/// <param name="Statistics">The receiver's counters.</param>
/// <param name="Peers">Tells which process sends.</param>
/// <param name="Metrics">What scrapers read; null if there is no metrics page.</param>
public sealed record ReceiverServicesParts(
    Fanout Fanout,
    LiveOutlet Live,
    IProbeDirectory Probes,
    IReceiverStatistics Statistics,
    IPeerIdentity Peers,
    PrometheusOutlet? Metrics)
{
    /// <summary>Counts what arrives at the OTLP services.</summary>
    public EndpointStatistics Endpoint { get; init; } = new();

    /// <summary>Says when there is no more memory to be had.</summary>
    public IMemoryPressure Memory { get; init; } = MemoryGuard.Unlimited;

    /// <summary>Says why nothing is seen just now although probes run; null while their samples are read.</summary>
    public Func<string?> Stall { get; init; } = static () => null;
}
