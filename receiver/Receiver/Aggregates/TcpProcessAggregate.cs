using System.Runtime.InteropServices;
using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;
using EbpfReceiver.Samples;
using EbpfReceiver.Telemetry;

namespace EbpfReceiver.Aggregates;

/// <summary>Map <c>tcp_processes</c>: what each process sent and received, and how its connections fared.</summary>
internal sealed class TcpProcessAggregate(EncodedScope scope, IdentityTable identity)
    : ProcessAggregate("tcp_processes", scope, identity, counters: 7)
{
    private static readonly MetricDescriptor[] Descriptors =
    [
        Telemetry.Metrics.ProcessNetworkIo,
        Telemetry.Metrics.SystemNetworkTcpConnections,
        Telemetry.Metrics.SystemNetworkTcpRetransmits,
        Telemetry.Metrics.SystemNetworkTcpResets,
    ];

    /// <inheritdoc/>
    protected override ReadOnlySpan<MetricDescriptor> Metrics => Descriptors;

    /// <inheritdoc/>
    protected override void Merge(ReadOnlySpan<byte> value, int cpu, Series series)
    {
        ref readonly TcpProcessTotals totals = ref MemoryMarshal.AsRef<TcpProcessTotals>(value);
        series.Counters[0] += totals.BytesSent;
        series.Counters[1] += totals.BytesReceived;
        series.Counters[2] += totals.Connects;
        series.Counters[3] += totals.Accepts;
        series.Counters[4] += totals.Retransmits;
        series.Counters[5] += totals.ResetsSent;
        series.Counters[6] += totals.ResetsReceived;
    }

    /// <inheritdoc/>
    protected override void WritePoints(int metric, in Emission emission)
    {
        switch (metric)
        {
            case 0:
                emission.Counter(0, Keys.NetworkIoDirection, "transmit"u8);
                emission.Counter(1, Keys.NetworkIoDirection, "receive"u8);
                break;
            case 1:
                emission.Counter(2, Keys.NetworkIoDirection, "transmit"u8);
                emission.Counter(3, Keys.NetworkIoDirection, "receive"u8);
                break;
            case 2:
                emission.Counter(4);
                break;
            case 3:
                emission.Counter(5, Keys.NetworkIoDirection, "transmit"u8);
                emission.Counter(6, Keys.NetworkIoDirection, "receive"u8);
                break;
        }
    }
}
