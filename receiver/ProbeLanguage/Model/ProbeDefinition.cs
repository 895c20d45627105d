namespace EbpfReceiver.ProbeLanguage;

/// <summary>A probe as it was written: where it hooks, what it tests, what it emits.</summary>
public sealed record ProbeDefinition
{
    /// <summary>The name: letters, digits, <c>_</c>, <c>-</c> and <c>.</c>; at most 64.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required SourceLocation Location { get; init; }

    /// <summary>What a catalogue says of it.</summary>
    public ProbeDocumentation Documentation { get; init; } = ProbeDocumentation.None;

    /// <summary>The event, or the two events, that it waits for.</summary>
    public required ProbeEvents On { get; init; }

    /// <summary>What pairs a start with its end; empty: the thread. Without a start and an end, empty.</summary>
    public IReadOnlyList<ExpressionSource> Key { get; init; } = [];

    /// <summary>The same of the end where it is written otherwise there, as <c>{ start: args.p.pid, end: args.next.pid }</c>; empty: as <see cref="Key"/>.</summary>
    public IReadOnlyList<ExpressionSource> EndKey { get; init; } = [];

    /// <summary>What must be true for anything to be recorded; of a pair, tested at the end, or at the start as far as it says <c>start.</c>.</summary>
    public ExpressionSource? Where { get; init; }

    /// <summary>Names for expressions, in order; each may use those before it.</summary>
    public IReadOnlyList<LetDefinition> Let { get; init; } = [];

    /// <summary>Which processes are looked at; null for all.</summary>
    public ScopeDefinition? Scope { get; init; }

    /// <summary>What comes out. At least one.</summary>
    public required IReadOnlyList<EmitterDefinition> Emit { get; init; }

    /// <summary>Limits for all emitters that name none, and for the pairs under way.</summary>
    public LimitsDefinition Limits { get; init; } = LimitsDefinition.None;

    /// <summary>Limit on recorded hits of the whole probe; null: none.</summary>
    public EventRate? Rate { get; init; }

    /// <summary>What the probe may cost.</summary>
    public BudgetDefinition Budget { get; init; } = BudgetDefinition.None;

    /// <summary>The only kind of hook that may be taken; null for the best of the alternatives.</summary>
    public HookKind? Attach { get; init; }

    /// <summary>What happens where this machine has none of the hooks.</summary>
    public MissingPolicy Missing { get; init; } = MissingPolicy.Warn;

    /// <summary>Whether it runs unless something else is said; true if not written.</summary>
    public bool Enabled { get; init; } = true;
}
