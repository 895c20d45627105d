using System.Runtime.InteropServices;
using EbpfReceiver.Otlp;
using EbpfReceiver.Samples;

namespace EbpfReceiver.Aggregates;

/// <summary>Map <c>process_totals</c>, of one entry: how many processes began and ended on the machine.</summary>
internal sealed class ProcessTotalsAggregate(EncodedScope scope, EncodedResource machine)
    : MachineAggregate("process_totals", scope, machine, counters: 3)
{
    private static readonly MetricDescriptor[] Descriptors =
    [
        Telemetry.Metrics.SystemProcessCreated,
        Telemetry.Metrics.LinuxProcessExecs,
        Telemetry.Metrics.LinuxProcessExits,
    ];

    /// <inheritdoc/>
    public override bool HasOverflowSeries => false;

    /// <inheritdoc/>
    protected override ReadOnlySpan<MetricDescriptor> Metrics => Descriptors;

    /// <inheritdoc/>
    protected override void Merge(ReadOnlySpan<byte> value, int cpu, Series series)
    {
        ref readonly ProcessTotals totals = ref MemoryMarshal.AsRef<ProcessTotals>(value);
        series.Counters[0] += totals.Forks;
        series.Counters[1] += totals.Execs;
        series.Counters[2] += totals.Exits;
    }

    /// <inheritdoc/>
    protected override void WritePoints(int metric, in Emission emission) => emission.Counter(metric);
}
