using System.Runtime.InteropServices;
using EbpfReceiver.Otlp;
using EbpfReceiver.Samples;
using EbpfReceiver.Telemetry;

namespace EbpfReceiver.Aggregates;

/// <summary>Map <c>block_devices</c>: requests by device and direction.</summary>
internal sealed class BlockDeviceAggregate(EncodedScope scope, EncodedResource machine, DeviceNames devices)
    : MachineAggregate("block_devices", scope, machine, counters: 3, scales: 2)
{
    private static readonly MetricDescriptor[] Descriptors =
    [
        Telemetry.Metrics.LinuxBlockRequestDuration,
        Telemetry.Metrics.SystemDiskIo,
        Telemetry.Metrics.SystemDiskOperations,
        Telemetry.Metrics.LinuxBlockErrors,
    ];

    /// <inheritdoc/>
    protected override ReadOnlySpan<MetricDescriptor> Metrics => Descriptors;

    /// <inheritdoc/>
    public override void WriteAttributes(PointWriter point, UInt128 key)
    {
        ref readonly BlockKey block = ref MemoryMarshal.AsRef<BlockKey>(BytesOf(in key));
        if (block.Device == 0)
        {
            point.Attribute(Keys.OtelMetricOverflow, true);
            return;
        }

        point.Attribute(Keys.SystemDevice, devices.Of(block.Device));
        point.Attribute(Keys.DiskIoDirection, (BlockDirection)block.Direction switch
        {
            BlockDirection.Read => "read"u8,
            BlockDirection.Write => "write"u8,
            BlockDirection.Discard => "discard"u8,
            BlockDirection.Flush => "flush"u8,
            _ => "_OTHER"u8,
        });
    }

    /// <inheritdoc/>
    protected override void Merge(ReadOnlySpan<byte> value, int cpu, Series series)
    {
        ref readonly BlockTotals totals = ref MemoryMarshal.AsRef<BlockTotals>(value);
        series.Counters[0] += totals.Bytes;
        series.Counters[1] += totals.Operations;
        series.Counters[2] += totals.Errors;
        series.Histograms[0].Add(cpu, totals.Duration);
    }

    /// <inheritdoc/>
    protected override void WritePoints(int metric, in Emission emission)
    {
        if (metric == 0) emission.Histogram(0);
        else emission.Counter(metric - 1);
    }
}
