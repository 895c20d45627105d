namespace EbpfReceiver.Probes;

/// <summary>What became of a hook: which alternative was taken, and why those before it were not.</summary>
/// <param name="plan">The hook.</param>
internal sealed class HookOutcome(HookPlan plan)
{
    private readonly Dictionary<string, string> _refusals = [];

    /// <summary>The hook.</summary>
    public HookPlan Plan { get; } = plan;

    /// <summary>The alternative that is attached; null if none is.</summary>
    public string? Chosen { get; private set; }

    /// <summary>What it is attached to.</summary>
    public IReadOnlyList<string> Places { get; private set; } = [];

    /// <summary>All alternatives, and what was said to them.</summary>
    public IReadOnlyList<AlternativeStatus> Alternatives =>
    [
        .. Plan.Alternatives.Select(a => new AlternativeStatus(
            a.Name, AttachLadder.NameOf(a.Kind), a.Name == Chosen, _refusals.GetValueOrDefault(a.Name))),
    ];

    /// <summary>An alternative was not taken.</summary>
    public void Refuse(AlternativePlan alternative, string reason) => _refusals[alternative.Name] = reason;

    /// <summary>An alternative was taken.</summary>
    public void Take(AlternativePlan alternative, IReadOnlyList<string> places)
    {
        Chosen = alternative.Name;
        Places = places;
    }
}
