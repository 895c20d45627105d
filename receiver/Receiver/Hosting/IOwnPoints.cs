using EbpfReceiver.Otlp;

namespace EbpfReceiver.Hosting;

/// <summary>Takes the numbers of the receiver's own telemetry: into a collection of metrics, or as they are.</summary>
internal interface IOwnPoints
{
    /// <summary>The points that follow are of this metric.</summary>
    void Begin(MetricDescriptor metric);

    /// <summary>A number as it is now; of a counter, since the start.</summary>
    void Add(long value, in OwnAttributes attributes);

    /// <summary>A number as it is now; of a counter, since the start.</summary>
    void Add(double value, in OwnAttributes attributes);
}
