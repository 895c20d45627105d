using EbpfReceiver.Bpf;

namespace EbpfReceiver.ProbeLanguage;

/// <summary>One program of an alternative: what it attaches to and what it does there.</summary>
public sealed record BoundProgram
{
    /// <summary>Tells the programs of an alternative apart; letters, digits, single underscores. Empty if it has only one.</summary>
    public string Part { get; init; } = "";

    /// <summary>Kind of program and of attachment.</summary>
    public required ProgramKind Kind { get; init; }

    /// <summary>What it attaches to, as <see cref="ProgramSpec.AttachTarget"/> has it: <c>CATEGORY/NAME</c>, <c>SYMBOL</c>, <c>PATH:SYMBOL</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The line of the hook.</summary>
    public required SourceText Source { get; init; }

    /// <summary>All have to hold. Order does not matter; the compiler puts the cheap ones first.</summary>
    public IReadOnlyList<BoundCondition> Conditions { get; init; } = [];

    /// <summary>Starts and ends: what pairs them, of the same types on both sides; empty: the thread.</summary>
    public IReadOnlyList<TypedExpression> Key { get; init; } = [];

    /// <summary>Starts: what the end wants to know.</summary>
    public IReadOnlyList<TypedExpression> Captures { get; init; } = [];

    /// <summary>What is recorded; usually empty in starts.</summary>
    public IReadOnlyList<BoundEmission> Emissions { get; init; } = [];
}
