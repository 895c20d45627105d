using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>A probe as the kernel takes it, and what user space has to know to read what it leaves.</summary>
public sealed record CompiledProbe
{
    /// <summary>What it was made from.</summary>
    public required BoundProbe Probe { get; init; }

    /// <summary>
    /// Its programs and maps. The maps <c>samples</c> and <c>sample_counters</c> are among them if it has spans or logs, and are to be
    /// shared (<see cref="BpfObjectOptions.SharedMaps"/>).
    /// </summary>
    public required BpfObjectSpec Object { get; init; }

    /// <summary>Its programs, in the order of hooks and alternatives.</summary>
    public required IReadOnlyList<CompiledProgram> Programs { get; init; }

    /// <summary>The maps with metrics.</summary>
    public required IReadOnlyList<SeriesLayout> Series { get; init; }

    /// <summary>The samples.</summary>
    public required IReadOnlyList<EventLayout> Events { get; init; }

    /// <summary>Starts that wait for their end; null if the probe does not pair.</summary>
    public StartsLayout? Starts { get; init; }

    /// <summary>Sets for user space to fill.</summary>
    public required IReadOnlyList<SetLayout> Sets { get; init; }

    /// <summary>Name of the per-CPU array, one entry, with the counters of <see cref="Losses"/>.</summary>
    public required string LossMap { get; init; }

    /// <summary>What was lost.</summary>
    public required IReadOnlyList<LossCounter> Losses { get; init; }

    /// <summary>
    /// Name of an array with one entry of 8 bytes: n, at most 16. Single and start programs then take one of 2^n hits by chance and count
    /// it 2^n-fold; ends follow their start. 0, as it begins, takes all.
    /// </summary>
    public required string ThrottleMap { get; init; }

    /// <summary>Bytes of kernel memory that its maps take on a machine with so many CPUs: keys, values, and an estimate of what surrounds
    /// them.</summary>
    /// <param name="cpus">Possible CPUs.</param>
    public long MapMemory(int cpus) => MapFootprint.Of(Object, cpus);
}
