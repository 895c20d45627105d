using System.Runtime.InteropServices;
using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;
using EbpfReceiver.Samples;
using EbpfReceiver.Telemetry;

namespace EbpfReceiver.Aggregates;

/// <summary>Map <c>sched_processes</c>: how the threads of each process got and lost the CPU.</summary>
internal sealed class SchedProcessAggregate(EncodedScope scope, IdentityTable identity)
    : ProcessAggregate("sched_processes", scope, identity, counters: 3, 1, 0)
{
    private static readonly MetricDescriptor[] Descriptors =
    [
        Telemetry.Metrics.ProcessContextSwitches,
        Telemetry.Metrics.LinuxSchedOnCpuTime,
        Telemetry.Metrics.LinuxSchedRunQueueLatency,
        Telemetry.Metrics.LinuxSchedOffCpuDuration,
    ];

    /// <inheritdoc/>
    protected override ReadOnlySpan<MetricDescriptor> Metrics => Descriptors;

    /// <inheritdoc/>
    protected override void Merge(ReadOnlySpan<byte> value, int cpu, Series series)
    {
        ref readonly SchedTotals totals = ref MemoryMarshal.AsRef<SchedTotals>(value);
        series.Counters[0] += totals.VoluntarySwitches;
        series.Counters[1] += totals.InvoluntarySwitches;
        series.Counters[2] += totals.RunTime;
        series.Histograms[0].Add(cpu, totals.RunQueueLatency);
        series.Histograms[1].Add(cpu, totals.OffCpuDuration);
    }

    /// <inheritdoc/>
    protected override void WritePoints(int metric, in Emission emission)
    {
        switch (metric)
        {
            case 0:
                emission.Counter(0, Keys.ProcessContextSwitchType, "voluntary"u8);
                emission.Counter(1, Keys.ProcessContextSwitchType, "involuntary"u8);
                break;
            case 1:
                emission.Seconds(2);
                break;
            case 2:
                emission.Histogram(0);
                break;
            case 3:
                emission.Histogram(1);
                break;
        }
    }
}
