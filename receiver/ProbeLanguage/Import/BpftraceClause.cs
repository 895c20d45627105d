namespace EbpfReceiver.ProbeLanguage;

/// <summary>A clause of a program: <c>probe, probe /predicate/ { statements }</c>.</summary>
/// <param name="Hooks">Its probes.</param>
/// <param name="Predicate">What must be true; null for always.</param>
/// <param name="Statements">What it does.</param>
/// <param name="Span">The text of its probes.</param>
internal sealed record BpftraceClause(
    IReadOnlyList<HookReference> Hooks, ExpressionSyntax? Predicate, IReadOnlyList<BpftraceStatement> Statements, TextSpan Span);
