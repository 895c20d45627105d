using EbpfReceiver.Hosting;
using EbpfReceiver.Otlp;

namespace EbpfReceiver.Samples;

/// <summary>
/// Samples the receiver's own spans and log records down while there is no more memory: of ten batches one goes on, and the items of the
/// others are counted. Metrics are not sampled: they do not grow with the events.
/// </summary>
/// <param name="publish">Takes the batches that go on.</param>
/// <param name="memory">Says when there is no more memory.</param>
internal sealed class PressureValve(Action<Batch> publish, IMemoryPressure memory)
{
    private const int OneOf = 10;

    private long _shed;
    private int _since;

    /// <summary>Items that were let go.</summary>
    public long Shed => Interlocked.Read(ref _shed);

    /// <summary>Passes a batch on, or counts and releases it; for the thread that reads the samples.</summary>
    public void Publish(Batch batch)
    {
        if (!memory.IsCritical || _since++ % OneOf == 0)
        {
            publish(batch);
            return;
        }

        Interlocked.Add(ref _shed, batch.Items);
        batch.Release();
    }
}
