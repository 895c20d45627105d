using System.Runtime.InteropServices;
using EbpfReceiver.Identity;
using EbpfReceiver.Otlp;
using EbpfReceiver.Samples;
using EbpfReceiver.Telemetry;

namespace EbpfReceiver.Aggregates;

/// <summary>
/// Aggregates by process: each series has the resource of its process. When a process has exited its series is sent once more and
/// taken out of the map, which gives its place to another.
/// </summary>
internal abstract class ProcessAggregate(string mapName, EncodedScope scope, IdentityTable identity, int counters, params int[] scales)
    : MapAggregate(mapName, counters, scales)
{
    private readonly List<Series> _ended = [];

    /// <summary>How long after its exit a process may still gather values: its sockets are closed after it.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public override void WriteAttributes(PointWriter point, UInt128 key)
    {
        if (key == 0) point.Attribute(Keys.OtelMetricOverflow, true);
    }

    /// <inheritdoc/>
    protected sealed override void WriteSeries(Collection collection)
    {
        _ended.Clear();
        foreach (Series series in AllSeries)
        {
            UInt128 bytes = series.Key;
            ref readonly ProcessKey key = ref MemoryMarshal.AsRef<ProcessKey>(BytesOf(in bytes));
            if (!identity.TryResolveCurrent((int)key.Pid, key.StartTime, out EncodedResource resource, out TimeSpan? exitedFor)) continue;
            collection.Writer.BeginResource(resource.Bytes);
            collection.Writer.BeginScope(scope);
            for (int metric = 0; metric < Metrics.Length; metric++)
            {
                collection.Writer.BeginMetric(Metrics[metric]);
                WritePoints(metric, new Emission(this, collection, series));
            }

            if (exitedFor >= Grace) _ended.Add(series);
        }

        foreach (Series series in _ended)
        {
            UInt128 bytes = series.Key;
            Map?.Delete(BytesOf(in bytes));
            Forget(series);
        }
    }
}
