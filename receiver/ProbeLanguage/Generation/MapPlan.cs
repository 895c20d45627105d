using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>Makes the specifications of a probe's maps.</summary>
internal sealed class MapPlan(BpfObjectBuilder builder, ProbePlan plan)
{
    private const int LargestSet = 4096;
    private readonly MapTypes _types = new(builder.Types);

    public void Add(IReadOnlyCollection<string> sets, int scratchSize)
    {
        var largest = 0;
        foreach (var series in plan.Series.Values)
        {
            AddSeries(series);
            if (series.OverflowMapName.Length > 0)
                largest = Math.Max(largest, series.Value.Size);
        }
        if (largest > 0)
            Single(ProbePlan.ZerosMap, BpfMapType.Array, largest);
        if (plan.StartKey is { } key)
        {
            builder.Add(new MapSpec(
                ProbePlan.StartsMap, BpfMapType.Hash, (uint)key.Size, (uint)plan.StartValueSize, (uint)plan.Probe.InFlightLimit));
        }
        Single(ProbePlan.LossMap, BpfMapType.PerCpuArray, plan.Losses.Count * 8);
        Single(ProbePlan.ThrottleMap, BpfMapType.Array, 8);
        if (plan.RateCount > 0)
            Single(ProbePlan.RatesMap, BpfMapType.Array, plan.RateCount * 8);
        if (scratchSize > 0)
            Single(ScratchLayout.MapName, BpfMapType.PerCpuArray, ScratchLayout.FirstObject + scratchSize);
        foreach (var set in sets)
            builder.Add(new MapSpec(ProbePlan.SetMapName(set), BpfMapType.Hash, 8, 1, LargestSet));
        if (plan.Events.Count == 0)
            return;
        builder.Add(new MapSpec(SampleCounters.Samples, BpfMapType.PerfEventArray, 4, 4, 0));
        builder.Add(new MapSpec(SampleCounters.Counters, BpfMapType.PerCpuArray, 4, SampleCounters.ValueSize, SampleCounters.Kinds));
    }

    private void AddSeries(SeriesLayout series)
    {
        var hasKey = series.OverflowMapName.Length > 0;
        var (key, value) = hasKey ? _types.Of(series) : default;
        builder.Add(new MapSpec(
            series.MapName, series.MapType, (uint)series.KeySize, (uint)series.Value.Size, hasKey ? (uint)series.Emitter.SeriesLimit : 1)
        {
            KeyTypeId = key,
            ValueTypeId = value,
        });
        if (hasKey)
        {
            Single(
                series.OverflowMapName, series.MapType == BpfMapType.Hash ? BpfMapType.Array : BpfMapType.PerCpuArray, series.Value.Size);
        }
    }

    private void Single(string name, BpfMapType type, int valueSize) => builder.Add(new MapSpec(name, type, 4, (uint)valueSize, 1));
}
