using System.Runtime.InteropServices;
using EbpfReceiver.Otlp;
using EbpfReceiver.Samples;
using EbpfReceiver.Telemetry;

namespace EbpfReceiver.Aggregates;

/// <summary>Maps <c>tcp_connect_duration</c> and <c>tcp_rtt</c>: histograms by IP version and by who opened the connection.</summary>
internal sealed class TcpLatencyAggregate(string mapName, MetricDescriptor metric, EncodedScope scope, EncodedResource machine)
    : MachineAggregate(mapName, scope, machine, counters: 0, scales: 2)
{
    private readonly MetricDescriptor[] _descriptors = [metric];

    /// <inheritdoc/>
    protected override ReadOnlySpan<MetricDescriptor> Metrics => _descriptors;

    /// <inheritdoc/>
    public override void WriteAttributes(PointWriter point, UInt128 key)
    {
        ref readonly TcpLatencyKey latency = ref MemoryMarshal.AsRef<TcpLatencyKey>(BytesOf(in key));
        if (latency.Family == 0) point.Attribute(Keys.OtelMetricOverflow, true);
        else point.Attribute(Keys.NetworkType, latency.Family == AddressText.Ipv6 ? "ipv6"u8 : "ipv4"u8);
        if ((TcpRole)latency.Role == TcpRole.Client) point.Attribute(Keys.NetworkIoDirection, "transmit"u8);
        else if ((TcpRole)latency.Role == TcpRole.Server) point.Attribute(Keys.NetworkIoDirection, "receive"u8);
    }

    /// <inheritdoc/>
    protected override void Merge(ReadOnlySpan<byte> value, int cpu, Series series) => series.Histograms[0].Add(cpu, value);

    /// <inheritdoc/>
    protected override void WritePoints(int metric, in Emission emission) => emission.Histogram(0);
}
