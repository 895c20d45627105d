using System.Runtime.InteropServices;
using EbpfReceiver.Otlp;
using EbpfReceiver.Samples;
using EbpfReceiver.Telemetry;

namespace EbpfReceiver.Aggregates;

/// <summary>Map <c>tcp_failures</c>: connects that failed, by cause.</summary>
internal sealed class TcpFailureAggregate(EncodedScope scope, EncodedResource machine)
    : MachineAggregate("tcp_failures", scope, machine, counters: 1)
{
    private static readonly MetricDescriptor[] Descriptors = [Telemetry.Metrics.SystemNetworkTcpConnections];

    /// <inheritdoc/>
    protected override ReadOnlySpan<MetricDescriptor> Metrics => Descriptors;

    /// <inheritdoc/>
    public override void WriteAttributes(PointWriter point, UInt128 key)
    {
        ref readonly TcpFailureKey failure = ref MemoryMarshal.AsRef<TcpFailureKey>(BytesOf(in key));
        point.Attribute(Keys.NetworkIoDirection, "transmit"u8);
        if (failure.Family == 0) point.Attribute(Keys.OtelMetricOverflow, true);
        else point.Attribute(Keys.NetworkType, failure.Family == AddressText.Ipv6 ? "ipv6"u8 : "ipv4"u8);
        point.Attribute(Keys.ErrorType, ErrorNames.OfErrno((int)failure.Error));
    }

    /// <inheritdoc/>
    protected override void Merge(ReadOnlySpan<byte> value, int cpu, Series series) =>
        series.Counters[0] += MemoryMarshal.Read<ulong>(value);

    /// <inheritdoc/>
    protected override void WritePoints(int metric, in Emission emission) => emission.Counter(0);
}
