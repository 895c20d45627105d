namespace EbpfReceiver.Hosting;

/// <summary>What the receiver did so far.</summary>
public interface IReceiverStatistics
{
    /// <summary>Reads all counters now.</summary>
    ReceiverStatistics Snapshot();

    /// <summary>Everything the receiver's own telemetry says, as it is now; none before the probes are attached.</summary>
    IReadOnlyList<OwnMeasurement> Measurements();
}
