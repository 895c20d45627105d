namespace EbpfReceiver.Probes;

/// <summary>All that is known of a probe: what it costs, and why it is attached as it is.</summary>
/// <param name="Status">The probe as it is now.</param>
/// <param name="ObjectName">The BPF object it is loaded from.</param>
/// <param name="Programs">All programs of the object, loaded or not.</param>
/// <param name="Maps">All maps of the object.</param>
/// <param name="Emits">Names of the metrics, spans and events it gives.</param>
public sealed record ProbeExplanation(
    ProbeStatus Status,
    string ObjectName,
    IReadOnlyList<ProgramExplanation> Programs,
    IReadOnlyList<MapExplanation> Maps,
    IReadOnlyList<string> Emits)
{
    /// <summary>Memory of the maps that are the probe's own, in bytes.</summary>
    public long MapMemoryBytes
    {
        get
        {
            long sum = 0;
            foreach (MapExplanation map in Maps)
            {
                if (!map.Shared) sum += map.MemoryBytes;
            }

            return sum;
        }
    }
}
