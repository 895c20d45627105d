using EbpfReceiver.Otlp;

namespace EbpfReceiver.Aggregates;

/// <summary>Aggregates of the machine: one resource, the key is attributes.</summary>
internal abstract class MachineAggregate(string mapName, EncodedScope scope, EncodedResource machine, int counters, params int[] scales)
    : MapAggregate(mapName, counters, scales)
{
    /// <inheritdoc/>
    protected sealed override void WriteSeries(Collection collection)
    {
        collection.Writer.BeginResource(machine.Bytes);
        collection.Writer.BeginScope(scope);
        for (int metric = 0; metric < Metrics.Length; metric++)
        {
            collection.Writer.BeginMetric(Metrics[metric]);
            foreach (Series series in AllSeries) WritePoints(metric, new Emission(this, collection, series));
        }
    }
}
