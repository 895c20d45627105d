namespace EbpfReceiver.Bpf;

/// <summary>
/// Bounds the work of comparing types for one program: structs that refer to each other in many ways can make it endless in
/// practice, though real ones take some thousand steps.
/// </summary>
internal sealed class MatchBudget
{
    private const int MaxSteps = 10_000_000;

    private int _left = MaxSteps;

    /// <summary>Counts a step.</summary>
    /// <exception cref="BpfFormatException">There were too many.</exception>
    internal void Take()
    {
        if (--_left < 0)
            throw new BpfFormatException($"Comparing types with those of the kernel took more than {MaxSteps} steps.");
    }
}
