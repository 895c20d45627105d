namespace EbpfReceiver.Probes;

/// <summary>A probe as it is now.</summary>
/// <param name="Name">Its name, as in the configuration.</param>
/// <param name="Description">What it observes, in a sentence.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Reasons">Why it is degraded or failed; empty otherwise.</param>
/// <param name="Hooks">Its hooks, with the alternatives that were chosen and why the others were not.</param>
/// <param name="Programs">Its programs that are loaded.</param>
public sealed record ProbeStatus(
    string Name,
    string Description,
    ProbeState State,
    IReadOnlyList<ProbeReason> Reasons,
    IReadOnlyList<HookStatus> Hooks,
    IReadOnlyList<ProgramStatus> Programs)
{
    /// <summary>Where it comes from: <c>built-in</c>, <c>catalogue</c>, a file, or <c>grpc</c>.</summary>
    public string Origin { get; init; } = Probe.BuiltIn;

    /// <summary>The group it is listed in; empty if it is in none.</summary>
    public string Group { get; init; } = "";

    /// <summary>The share of hits it looks at: less than 1 where it was over its budget.</summary>
    public double SamplingRatio { get; init; } = 1;

    /// <summary>
    /// Hits that the kernel did not take for it since it was attached, because another probe was being handled on the CPU or too many calls
    /// were under way; those that its <see cref="Programs"/> missed are besides.
    /// </summary>
    public long MissedByLinks { get; init; }

    /// <summary>Hits of which nothing was seen: the kernel took no notice of them, or did not run the program.</summary>
    public long Missed
    {
        get
        {
            long sum = MissedByLinks;
            foreach (ProgramStatus program in Programs) sum += program.Missed ?? 0;
            return sum;
        }
    }

    /// <summary>How often its programs ran, together; 0 unless the kernel counts.</summary>
    public long RunCount
    {
        get
        {
            long sum = 0;
            foreach (ProgramStatus program in Programs) sum += program.RunCount;
            return sum;
        }
    }
}
